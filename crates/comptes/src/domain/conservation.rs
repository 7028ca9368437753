//! How long someone who no longer comes is kept: warned first, then anonymised.

use socle::clock::{Day, Instant};

/// The durations that hold that day, in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delais {
    /// Without a visit, before the person is anonymised.
    pub inactivite: i64,
    /// Between the warning and the anonymisation.
    pub preavis: i64,
}

/// What the rule needs to know of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// Whether the file is in use: neither joined to another nor anonymised.
    pub active: bool,
    /// Whether they hold a function, today or later, in their own right or by delegation.
    pub tient: bool,
    /// When they last came, or when their file was opened if they never did.
    pub venue_at: Instant,
    /// The warning that they were given, if they were.
    pub preavis: Option<Preavis>,
}

/// A warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preavis {
    /// The last visit known then: any later one lifts the warning.
    pub venue_at: Instant,
    /// The day that it announced.
    pub effacement_le: Day,
    /// Whether it reached anyone.
    pub remise: Remise,
}

/// What became of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remise {
    /// It was told on the site, or its mail left.
    Faite,
    /// Its mail has not left yet.
    EnAttente,
    /// Its mail will never leave.
    Refusee,
}

/// What is to be done with a person on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conduite {
    /// Nothing.
    Garder,
    /// The warning no longer holds: they came back, or hold something again.
    LeverPreavis,
    /// They are warned, and this day is announced.
    Prevenir {
        /// The day announced.
        effacement_le: Day,
    },
    /// The mail of their warning never left: those who can act for them are told, and this day is announced.
    DireAuxAgents {
        /// The day announced.
        effacement_le: Day,
    },
    /// They were warned, and the day announced has not come, or the warning has not left yet.
    Attendre {
        /// The day announced.
        effacement_le: Day,
    },
    /// They are anonymised.
    Anonymiser,
}

/// What is to be done with a person on a day; `zone` is that in which days are counted. The day that was announced counts, whatever became of
/// the durations since, and nobody is anonymised on a warning that reached no one.
pub fn conduite(situation: &Situation, delais: Delais, aujourd_hui: Day, zone: &str) -> Conduite {
    let concernee = situation.active && !situation.tient;
    match situation.preavis {
        Some(preavis) if !concernee || situation.venue_at > preavis.venue_at => Conduite::LeverPreavis,
        Some(Preavis {
            remise: Remise::Refusee,
            ..
        }) => Conduite::DireAuxAgents {
            effacement_le: plus(aujourd_hui, delais.preavis),
        },
        Some(preavis) if aujourd_hui < preavis.effacement_le || preavis.remise == Remise::EnAttente => {
            Conduite::Attendre {
                effacement_le: preavis.effacement_le,
            }
        }
        Some(_) => Conduite::Anonymiser,
        None if concernee
            && aujourd_hui >= plus(situation.venue_at.day_in(zone), delais.inactivite - delais.preavis) =>
        {
            Conduite::Prevenir {
                effacement_le: echeance(situation.venue_at.day_in(zone), delais).max(plus(aujourd_hui, delais.preavis)),
            }
        }
        None => Conduite::Garder,
    }
}

/// The day on which someone who last came that day is anonymised, if they never come again.
pub fn echeance(venue: Day, delais: Delais) -> Day {
    plus(venue, delais.inactivite)
}

fn plus(jour: Day, jours: i64) -> Day {
    jour.saturating_add(jiff::Span::new().days(jours))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const ZONE: &str = "Europe/Paris";
    const DELAIS: Delais = Delais {
        inactivite: 730,
        preavis: 30,
    };

    fn le(jour: Day) -> Instant {
        format!("{jour}T12:00:00Z").parse().unwrap()
    }

    fn partie_depuis(jours: i64) -> (Situation, Day) {
        let venue = date(2024, 1, 10);
        let situation = Situation {
            active: true,
            tient: false,
            venue_at: le(venue),
            preavis: None,
        };
        (situation, plus(venue, jours))
    }

    #[test]
    fn qui_ne_vient_plus_est_prevenu_trente_jours_avant_les_deux_ans() {
        let deux_ans = plus(date(2024, 1, 10), 730);
        for (jours, attendue) in [
            (0, Conduite::Garder),
            (699, Conduite::Garder),
            (
                700,
                Conduite::Prevenir {
                    effacement_le: deux_ans,
                },
            ),
            (
                701,
                Conduite::Prevenir {
                    effacement_le: plus(deux_ans, 1),
                },
            ),
            (
                730,
                Conduite::Prevenir {
                    effacement_le: plus(deux_ans, 30),
                },
            ),
            (
                5_000,
                Conduite::Prevenir {
                    effacement_le: plus(deux_ans, 5_000 - 730 + 30),
                },
            ),
        ] {
            let (situation, jour) = partie_depuis(jours);
            assert_eq!(conduite(&situation, DELAIS, jour, ZONE), attendue, "{jours}");
            for hors in [
                Situation {
                    tient: true,
                    ..situation
                },
                Situation {
                    active: false,
                    ..situation
                },
            ] {
                assert_eq!(
                    conduite(&hors, DELAIS, jour, ZONE),
                    Conduite::Garder,
                    "{jours} {hors:?}"
                );
            }
        }
    }

    #[test]
    fn le_jour_annonce_est_tenu_et_une_venue_leve_l_avertissement() {
        let (situation, jour_du_preavis) = partie_depuis(700);
        let effacement_le = plus(jour_du_preavis, 30);
        let prevenue = Situation {
            preavis: Some(Preavis {
                venue_at: situation.venue_at,
                effacement_le,
                remise: Remise::Faite,
            }),
            ..situation
        };
        let attendre = Conduite::Attendre { effacement_le };
        let courts = Delais {
            inactivite: 365,
            preavis: 15,
        };
        let longs = Delais {
            inactivite: 1_095,
            preavis: 90,
        };
        for (jours, attendue) in [
            (700, attendre),
            (701, attendre),
            (729, attendre),
            (730, Conduite::Anonymiser),
            (731, Conduite::Anonymiser),
        ] {
            let jour = partie_depuis(jours).1;
            for delais in [DELAIS, courts, longs] {
                assert_eq!(conduite(&prevenue, delais, jour, ZONE), attendue, "{jours} {delais:?}");
            }
            for revenue in [
                Situation {
                    venue_at: le(plus(date(2024, 1, 10), 701)),
                    ..prevenue
                },
                Situation {
                    tient: true,
                    ..prevenue
                },
                Situation {
                    active: false,
                    ..prevenue
                },
            ] {
                assert_eq!(
                    conduite(&revenue, DELAIS, jour, ZONE),
                    Conduite::LeverPreavis,
                    "{jours} {revenue:?}"
                );
            }
        }
    }

    #[test]
    fn les_jours_se_comptent_a_paris() {
        // Half past midnight in Paris, still the day before in UTC.
        let situation = Situation {
            venue_at: "2024-01-09T23:30:00Z".parse().unwrap(),
            ..partie_depuis(0).0
        };
        let jour = plus(date(2024, 1, 10), 699);
        assert_eq!(conduite(&situation, DELAIS, jour, ZONE), Conduite::Garder);
        assert_ne!(conduite(&situation, DELAIS, jour, "UTC"), Conduite::Garder);
    }

    #[test]
    fn un_avertissement_qui_n_atteint_personne_n_efface_personne() {
        let (situation, jour_du_preavis) = partie_depuis(700);
        let effacement_le = plus(jour_du_preavis, 30);
        for (jours, remise, attendue) in [
            (29, Remise::EnAttente, Conduite::Attendre { effacement_le }),
            (30, Remise::EnAttente, Conduite::Attendre { effacement_le }),
            (90, Remise::EnAttente, Conduite::Attendre { effacement_le }),
            (30, Remise::Faite, Conduite::Anonymiser),
            (
                3,
                Remise::Refusee,
                Conduite::DireAuxAgents {
                    effacement_le: plus(jour_du_preavis, 33),
                },
            ),
            (
                31,
                Remise::Refusee,
                Conduite::DireAuxAgents {
                    effacement_le: plus(jour_du_preavis, 61),
                },
            ),
        ] {
            let preavis = Preavis {
                venue_at: situation.venue_at,
                effacement_le,
                remise,
            };
            let prevenue = Situation {
                preavis: Some(preavis),
                ..situation
            };
            let jour = plus(jour_du_preavis, jours);
            assert_eq!(conduite(&prevenue, DELAIS, jour, ZONE), attendue, "{jours} {remise:?}");
        }
    }
}
