//! How long an is-open test takes: `cargo bench -p horaires`.

use std::hint::black_box;
use std::time::Instant;

use horaires::{Calendrier, Horaires};
use jiff::civil::{Date, date};

const MESURES: u32 = 200_000;

struct France;

impl Calendrier for France {
    fn ferie(&self, date: Date) -> bool {
        (date.month(), date.day()) == (7, 14)
    }
}

fn main() {
    let at = date(2026, 11, 23).at(10, 30, 0, 0);
    for texte in [
        "Mo-Fr 09:00-12:00,14:00-17:00",
        "Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00; PH off",
        "week 1-53/2 Mo 09:30-12:30,13:30-15:30; PH off",
        "Th[1] 14:00-17:00; Jul-Aug off",
        "Mo-Fr 09:00-12:00; SH off || \"sur rendez-vous\"",
    ] {
        let horaires = Horaires::parse(texte).expect("the expressions of the benchmark read");
        let ouvert = nanosecondes(MESURES, || black_box(&horaires).est_ouvert(black_box(at), &France));
        let etat = nanosecondes(MESURES / 100, || black_box(&horaires).etat(black_box(at), &France));
        let lecture = nanosecondes(MESURES / 100, || Horaires::parse(black_box(texte)));
        println!("est_ouvert {ouvert:>5} ns   etat {etat:>7} ns   parse {lecture:>6} ns   {texte}");
    }
}

fn nanosecondes<T>(fois: u32, mut appel: impl FnMut() -> T) -> u128 {
    let depart = Instant::now();
    for _ in 0..fois {
        black_box(appel());
    }
    depart.elapsed().as_nanos() / u128::from(fois)
}
