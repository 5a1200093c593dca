use bailiwick::*;
fn main() {
    let mut args = std::env::args().skip(1);
    let request = args.next().unwrap();
    let sources = args.map(|a| { let (l, p) = a.split_once(':').unwrap(); Source::at(l.parse().unwrap(), p, std::fs::read_to_string(p).unwrap()) });
    match Engine::load(sources) {
        Err(d) => println!("{d}"),
        Ok(e) => {
            println!("{}", e.warnings());
            match Request::from_json(&request) { Err(x) => println!("{x}"), Ok(r) => {
                let s = State::none();
                let d = e.decide(&r, &s);
                println!("{}", d.explain());
                println!("{}", serde_json::to_string_pretty(&d.record(Stamp::default()).to_json()).unwrap());
            } }
        }
    }
}
