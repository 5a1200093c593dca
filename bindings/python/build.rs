//! What linking a Python module needs where cargo does it and not maturin.

fn main() {
    pyo3_build_config::add_extension_module_link_args();
}
