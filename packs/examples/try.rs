use byleave::{ast::parse, source::Sources, typed};
fn main() {
    let mut s = Sources::new();
    let mut ids = vec![];
    for p in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&p).unwrap();
        let folder = std::path::Path::new(&p).parent().unwrap().to_str().unwrap().to_string();
        let id = s.add(p, text);
        ids.push((id, folder));
    }
    let mut bad = 0;
    let parsed: Vec<_> = ids.iter().map(|(id, f)| (parse(s.get(*id).unwrap()), *id, f.clone())).collect();
    for (p, _, _) in &parsed { for d in &p.diagnostics { println!("{}", d.to_line(&s)); bad += 1; } }
    let files: Vec<_> = parsed.iter().map(|(p, id, f)| typed::PackFile { pack: f, source: *id, file: &p.file }).collect();
    let c = typed::check(&files, &s);
    for d in &c.diagnostics { println!("{}", d.to_line(&s)); bad += 1; }
    println!("{bad} diagnostics; policy {}; tests {}", c.policy.is_some(), c.tests.len());
}
