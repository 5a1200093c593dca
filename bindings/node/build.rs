//! What linking a Node module needs.

fn main() {
    napi_build::setup();
}
