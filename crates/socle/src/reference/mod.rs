//! Dated reference data: the values that a rule asks for a day. Each is declared in code with its first value; later ones are recorded with
//! their source and author, count from a day on, and never overwrite one another.

mod store;

pub use store::{NewValue, all, history, record, value};

use crate::{
    clock::{Day, Instant},
    db::DbResult,
};
use std::marker::PhantomData;
use uuid::Uuid;

/// A value that may change over time, as a context declares it.
#[derive(Debug, Clone, Copy)]
pub struct Reference {
    /// Its name for programs, such as `comptes.inactivite`.
    pub key: &'static str,
    /// Its name for people, in French.
    pub label: &'static str,
    /// What it is, its bounds and its first value.
    pub kind: Kind,
    /// Where the first value comes from.
    pub origin: Origin,
}

/// Since when the first value counts, and what says so.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    /// The first day; nothing is known before it, so that the first value counts there too.
    pub from: Day,
    /// The text or the decision, in French.
    pub source: &'static str,
}

/// The register of processing, as it was when the platform opened.
const REGISTER: Origin = Origin {
    from: jiff::civil::date(2026, 1, 1),
    source: "Registre des traitements de la plateforme, à son ouverture",
};

/// What a value is.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A whole number of a unit.
    Number(Number),
    /// Some codes of a closed list.
    Codes {
        /// Each code with its words in French.
        known: &'static [(&'static str, &'static str)],
        /// Those of the first value.
        first: &'static [&'static str],
    },
}

/// A whole number, its bounds and its first value.
#[derive(Debug, Clone, Copy)]
pub struct Number {
    /// What it counts.
    pub unit: Unit,
    /// The least that may be recorded.
    pub least: i64,
    /// The most that may be recorded.
    pub most: i64,
    /// The first value.
    pub first: i64,
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Days.
    Days,
    /// Minutes.
    Minutes,
    /// Cents of a euro.
    Cents,
    /// Things.
    Whole,
    /// Years of a person's age.
    Age,
}

/// A value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A number of the unit.
    Number(i64),
    /// Codes, in the order of the list.
    Codes(Vec<String>),
}

/// Why a value may not be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutOfBounds {
    /// It is not of the kind that the key declares.
    Kind,
    /// It lies outside of these numbers.
    Number(i64, i64),
    /// This code is not in the list.
    Unknown(String),
    /// No code is left.
    Empty,
}

/// A key whose values are read as `T`.
#[derive(Debug, Clone, Copy)]
pub struct Key<T> {
    /// What is declared.
    pub reference: Reference,
    reads: PhantomData<fn() -> T>,
}

/// What the values of a key are read as.
pub trait Typed: Sized {
    /// The value, when it is of this type.
    fn of(value: Value) -> Option<Self>;
}

impl Typed for i64 {
    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Number(number) => Some(number),
            Value::Codes(_) => None,
        }
    }
}

impl Typed for Vec<String> {
    fn of(value: Value) -> Option<Self> {
        match value {
            Value::Codes(codes) => Some(codes),
            Value::Number(_) => None,
        }
    }
}

impl Key<i64> {
    /// Declares a number.
    ///
    /// # Panics
    /// When the first value lies out of its bounds: in a constant, the program does not compile.
    pub const fn number(key: &'static str, label: &'static str, number: Number, origin: Origin) -> Self {
        assert!(number.least <= number.first && number.first <= number.most);
        Self::new(key, label, Kind::Number(number), origin)
    }

    /// Declares a duration in days that the platform's register of processing gave at its opening: its least, first and most values.
    ///
    /// # Panics
    /// When the first value lies out of its bounds: in a constant, the program does not compile.
    pub const fn days(key: &'static str, label: &'static str, (least, first, most): (i64, i64, i64)) -> Self {
        let number = Number {
            unit: Unit::Days,
            least,
            most,
            first,
        };
        Self::number(key, label, number, REGISTER)
    }
}

impl Key<Vec<String>> {
    /// Declares a list of codes: those known, each with its words, then those of the first value.
    pub const fn codes(
        key: &'static str,
        label: &'static str,
        (known, first): (&'static [(&'static str, &'static str)], &'static [&'static str]),
        origin: Origin,
    ) -> Self {
        Self::new(key, label, Kind::Codes { known, first }, origin)
    }
}

impl<T> Key<T> {
    const fn new(key: &'static str, label: &'static str, kind: Kind, origin: Origin) -> Self {
        Self {
            reference: Reference {
                key,
                label,
                kind,
                origin,
            },
            reads: PhantomData,
        }
    }
}

impl Reference {
    /// The value that stands in the code.
    pub fn first(&self) -> Value {
        match self.kind {
            Kind::Number(number) => Value::Number(number.first),
            Kind::Codes { first, .. } => Value::Codes(first.iter().map(|code| (*code).to_owned()).collect()),
        }
    }

    /// Whether a value may be recorded. What was recorded under wider bounds goes on counting.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, value: &Value) -> Result<(), OutOfBounds> {
        match (self.kind, value) {
            (Kind::Number(Number { least, most, .. }), Value::Number(number)) => {
                let inside = (least..=most).contains(number);
                inside.then_some(()).ok_or(OutOfBounds::Number(least, most))
            }
            (Kind::Codes { .. }, Value::Codes(codes)) if codes.is_empty() => Err(OutOfBounds::Empty),
            (Kind::Codes { known, .. }, Value::Codes(codes)) => {
                let unknown = codes.iter().find(|code| !known.iter().any(|(one, _)| one == *code));
                unknown.map_or(Ok(()), |code| Err(OutOfBounds::Unknown(code.clone())))
            }
            _ => Err(OutOfBounds::Kind),
        }
    }

    /// Reads a value as it is stored.
    fn decode(&self, text: &str) -> DbResult<Value> {
        let read = match self.kind {
            Kind::Number(_) => text.parse().ok().map(Value::Number),
            Kind::Codes { .. } => Some(Value::Codes(text.split(' ').map(str::to_owned).collect())),
        };
        read.ok_or_else(|| sqlx::Error::Decode(format!("reference {} : valeur illisible", self.key).into()))
    }
}

impl Value {
    /// The value as it is stored, and as the journal keeps it.
    pub fn text(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Codes(codes) => codes.join(" "),
        }
    }
}

/// What was recorded of a key for a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its identifier.
    pub id: Uuid,
    /// The first day on which it counts.
    pub from: Day,
    /// Its rank among what was said of this day.
    pub turn: i64,
    /// The value; nothing when what the turn before it said was withdrawn.
    pub value: Option<Value>,
    /// Where it comes from, or why it was withdrawn.
    pub source: String,
    /// The role in which its author acted.
    pub author_role: String,
    /// When it was recorded.
    pub recorded_at: Instant,
}

/// A value with the days on which it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// The value.
    pub value: Value,
    /// The first day.
    pub from: Day,
    /// The last day, when another value follows.
    pub to: Option<Day>,
    /// Where it comes from.
    pub source: String,
    /// Who recorded it, as a role, and when; nobody for the first value.
    pub author: Option<(String, Instant)>,
}

/// The values of a key in time, the earliest first, from everything recorded of it.
pub fn timeline(reference: &Reference, recorded: &[Recorded]) -> Vec<Dated> {
    let mut kept: Vec<&Recorded> = Vec::new();
    let mut sorted: Vec<&Recorded> = recorded.iter().collect();
    sorted.sort_by_key(|one| (one.from, one.turn));
    for one in sorted {
        kept.retain(|other| other.from != one.from);
        kept.push(one);
    }
    let first = Dated {
        value: reference.first(),
        from: reference.origin.from,
        to: None,
        source: reference.origin.source.to_owned(),
        author: None,
    };
    let later = kept.into_iter().filter_map(|one| {
        Some(Dated {
            value: one.value.clone()?,
            from: one.from,
            to: None,
            source: one.source.clone(),
            author: Some((one.author_role.clone(), one.recorded_at)),
        })
    });
    let mut line: Vec<Dated> = std::iter::once(first).chain(later).collect();
    for rank in 1..line.len() {
        line[rank - 1].to = line[rank].from.yesterday().ok();
    }
    line
}

/// The value that counts on a day.
pub fn on(line: &[Dated], day: Day) -> Option<&Dated> {
    line.iter().rev().find(|dated| dated.from <= day).or(line.first())
}

/// A text in which the value of each key named in braces, such as `{comptes.sessions}`, is told by `words`.
pub fn fill(text: &str, words: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((key, after)) = after.split_once('}') else {
            break;
        };
        filled.push_str(before);
        filled.push_str(&words(key).unwrap_or_else(|| key.to_owned()));
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const ORIGIN: Origin = Origin {
        from: date(2026, 1, 1),
        source: "Règle de départ",
    };
    const DELAI: Key<i64> = Key::number(
        "essai.delai",
        "Délai",
        Number {
            unit: Unit::Days,
            least: 5,
            most: 90,
            first: 30,
        },
        ORIGIN,
    );
    const PUBLICS: Key<Vec<String>> = Key::codes(
        "essai.publics",
        "Publics",
        (&[("jeunes", "Jeunes"), ("seniors", "Seniors")], &["jeunes"]),
        ORIGIN,
    );

    fn said(from: Day, turn: i64, value: Option<i64>) -> Recorded {
        Recorded {
            id: Uuid::nil(),
            from,
            turn,
            value: value.map(Value::Number),
            source: String::new(),
            author_role: "Administration".to_owned(),
            recorded_at: Instant::from_micros(0),
        }
    }

    #[test]
    fn chaque_jour_a_la_valeur_de_la_derniere_date_commencee_et_non_retiree() {
        // Recorded out of order: April, then March, then April withdrawn and said again.
        let recorded = [
            said(date(2026, 4, 1), 1, Some(40)),
            said(date(2026, 3, 1), 1, Some(20)),
            said(date(2026, 4, 1), 2, None),
            said(date(2026, 4, 1), 3, Some(45)),
            said(date(2026, 5, 1), 1, Some(60)),
            said(date(2026, 5, 1), 2, None),
        ];
        let line = timeline(&DELAI.reference, &recorded);
        let cases = [
            (date(2020, 1, 1), 30, date(2026, 1, 1), Some(date(2026, 2, 28))),
            (date(2026, 2, 28), 30, date(2026, 1, 1), Some(date(2026, 2, 28))),
            (date(2026, 3, 1), 20, date(2026, 3, 1), Some(date(2026, 3, 31))),
            (date(2026, 4, 1), 45, date(2026, 4, 1), None),
            (date(2027, 5, 2), 45, date(2026, 4, 1), None),
        ];
        for (day, value, from, to) in cases {
            let found = on(&line, day).unwrap();
            assert_eq!(
                (&found.value, found.from, found.to),
                (&Value::Number(value), from, to),
                "{day}"
            );
        }
    }

    #[test]
    fn une_valeur_hors_de_ses_bornes_ne_s_enregistre_pas() {
        let codes = |list: &[&str]| Value::Codes(list.iter().map(|code| (*code).to_owned()).collect());
        let cases = [
            (&DELAI.reference, Value::Number(5), Ok(())),
            (&DELAI.reference, Value::Number(90), Ok(())),
            (&DELAI.reference, Value::Number(4), Err(OutOfBounds::Number(5, 90))),
            (&DELAI.reference, Value::Number(91), Err(OutOfBounds::Number(5, 90))),
            (&DELAI.reference, codes(&["jeunes"]), Err(OutOfBounds::Kind)),
            (&PUBLICS.reference, codes(&["seniors", "jeunes"]), Ok(())),
            (
                &PUBLICS.reference,
                codes(&["femmes"]),
                Err(OutOfBounds::Unknown("femmes".to_owned())),
            ),
            (&PUBLICS.reference, codes(&[]), Err(OutOfBounds::Empty)),
            (&PUBLICS.reference, Value::Number(1), Err(OutOfBounds::Kind)),
        ];
        for (reference, value, expected) in cases {
            assert_eq!(reference.check(&value), expected, "{value:?}");
        }
    }

    #[test]
    fn un_texte_dit_la_valeur_de_chaque_cle_qu_il_nomme() {
        let words = |key: &str| (key == "a.b").then(|| "30 jours".to_owned());
        for (text, expected) in [
            ("{a.b} après la fin", "30 jours après la fin"),
            ("au plus {a.b}, ou {c.d}", "au plus 30 jours, ou c.d"),
            ("sans clé", "sans clé"),
            ("ouverte { seulement", "ouverte { seulement"),
        ] {
            assert_eq!(fill(text, words), expected);
        }
    }
}
