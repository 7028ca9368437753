//! What the rules cannot know by themselves: which days are holidays where the place stands.

use jiff::civil::Date;

/// The holidays of a place, given by the caller.
pub trait Calendrier {
    /// Is this date a public holiday there?
    fn ferie(&self, date: Date) -> bool;

    /// Is this date in the school holidays? `None` when nobody knows: the hours that depend on it become unknown.
    fn vacances_scolaires(&self, _date: Date) -> Option<bool> {
        None
    }
}

/// A calendar without any holiday, for texts that name none.
#[derive(Debug, Clone, Copy, Default)]
pub struct SansFerie;

impl Calendrier for SansFerie {
    fn ferie(&self, _date: Date) -> bool {
        false
    }
}
