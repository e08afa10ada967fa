//! Says whether policy files check.
fn main() {
    let texts: Vec<(String, String)> = std::env::args()
        .skip(1)
        .map(|p| (p.replace('/', "_"), std::fs::read_to_string(&p).expect("a file")))
        .enumerate()
        .map(|(i, (n, t))| (format!("p{i}/{n}"), t))
        .collect();
    println!("{:?}", byleave_tests::load::of_texts(&texts).map(|p| p.rules.len()));
}
