//! The functions that people hold (domain notes, 1-recrutement section 2, 4-gouvernance-financement section 2, 3-aidants-connect section 2).

use super::perimetre::{Genre, Perimetre};
use socle::permissions::Role;

/// What a function does in a decision; the three are done by three people (see `separation`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Examines a request and gives an opinion.
    Instruit,
    /// Decides.
    Decide,
    /// Pays.
    Paie,
}

macro_rules! fonctions {
    ($($(#[doc = $doc:literal])* $nom:ident($code:literal, $titre:literal, [$($genre:ident),+] $(, $part:ident)?) $(+ $fort:ident)?;)+) => {
        /// A function.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fonction {
            $($(#[doc = $doc])* $nom,)+
        }

        impl Fonction {
            /// Every function, in the order of lists.
            pub const TOUTES: &'static [Self] = &[$(Self::$nom),+];

            /// Its stable code, as stored.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$nom => $code,)+ }
            }

            /// The role that the table of permissions names.
            pub const fn role(self) -> Role {
                match self { $(Self::$nom => stringify!($nom),)+ }
            }

            /// What it is called on screen.
            pub const fn titre(self) -> &'static str {
                match self { $(Self::$nom => $titre,)+ }
            }

            /// The kinds of perimeter over which it can be held.
            pub const fn genres(self) -> &'static [Genre] {
                match self { $(Self::$nom => &[$(Genre::$genre),+],)+ }
            }

            /// Its part in a decision, when it has one.
            pub const fn part(self) -> Option<Part> {
                match self { $(Self::$nom => fonctions!(@part $($part)?),)+ }
            }

            /// Whether it is exercised only with two factors: it decides, pays or administers.
            pub const fn demande_deux_facteurs(self) -> bool {
                match self { $(Self::$nom => fonctions!(@fort $($fort)?),)+ }
            }
        }
    };
    (@part) => { None };
    (@part $part:ident) => { Some(Part::$part) };
    (@fort) => { false };
    (@fort deux_facteurs) => { true };
}

fonctions! {
    /// Manages a host: applies, recruits, declares.
    Gestionnaire("gestionnaire", "Gestionnaire d’une structure", [Organisation]);
    /// An adviser whom the programme pays.
    Conseiller("conseiller", "Conseiller numérique", [Organisation]);
    /// A mediator whom the programme does not pay.
    Mediateur("mediateur", "Médiateur numérique", [Organisation]);
    /// Coordinates advisers.
    Coordinateur("coordinateur", "Coordinateur de conseillers", [Groupement, Commune, Epci, Departement, Region]);
    /// An officer of a prefecture, a high commission or a delegated prefect: instructs.
    Prefecture("prefecture", "Agent de préfecture", [Departement, Region, Collectivite, Groupement], Instruit);
    /// Decides and signs in a prefecture.
    Prefet("prefet", "Préfet ou délégataire", [Departement, Region, Collectivite, Groupement], Decide) + deux_facteurs;
    /// An officer of the national agency: instructs.
    Anct("anct", "Agent de l’agence nationale", [Nation], Instruit);
    /// Decides for the national agency.
    DecideurAnct("decideur_anct", "Décideur de l’agence nationale", [Nation], Decide) + deux_facteurs;
    /// The payer.
    Payeur("payeur", "Payeur", [Nation], Paie) + deux_facteurs;
    /// A training body.
    OrganismeFormation("organisme_formation", "Organisme de formation", [Organisation]);
    /// A regional hub.
    Hub("hub", "Hub régional", [Groupement]);
    /// The head of a large network of hosts.
    GrandReseau("grand_reseau", "Tête de réseau", [Groupement]);
    /// An agent of a France Services house.
    AgentFranceServices("agent_france_services", "Agent France Services", [Organisation]);
    /// Sends people to those who help.
    Prescripteur("prescripteur", "Prescripteur", [Organisation, Commune, Epci, Departement]);
    /// Acts for someone under a mandate.
    Aidant("aidant", "Aidant habilité", [Organisation]);
    /// Answers for the helpers of an organisation.
    Referent("referent", "Référent Aidants Connect", [Organisation]);
    /// Buys vouchers.
    Commanditaire("commanditaire", "Commanditaire du Pass numérique", [Organisation, Commune, Epci, Departement, Region]);
    /// An elected official, who reads.
    Elu("elu", "Élu", [Commune, Epci, Departement, Region, Collectivite, Nation]);
    /// A researcher, who reads figures that harm no one.
    Chercheur("chercheur", "Chercheur", [Nation]);
    /// Reads everything, journal included, and changes nothing.
    Auditeur("auditeur", "Auditeur", [Nation]) + deux_facteurs;
    /// Runs the platform.
    Administration("administration", "Administrateur", [Nation]) + deux_facteurs;
}

impl Fonction {
    /// The function that a code names.
    pub fn depuis_code(code: &str) -> Option<Self> {
        Self::TOUTES.iter().copied().find(|f| f.code() == code)
    }

    /// Whether it can be held over this perimeter.
    pub fn admet(self, perimetre: &Perimetre) -> bool {
        self.genres().contains(&perimetre.genre())
    }

    /// The functions that its holder may grant inside their own perimeter.
    pub const fn accorde(self) -> &'static [Self] {
        match self {
            Self::Administration => Self::TOUTES,
            Self::DecideurAnct => &[Self::Anct, Self::Elu, Self::Chercheur, Self::Prefecture, Self::Prefet],
            Self::Prefet => &[Self::Prefecture, Self::Elu],
            Self::Prefecture => &[Self::Gestionnaire, Self::Coordinateur, Self::Prescripteur],
            Self::Gestionnaire => &[
                Self::Gestionnaire,
                Self::Conseiller,
                Self::Mediateur,
                Self::AgentFranceServices,
                Self::Referent,
            ],
            Self::Referent => &[Self::Aidant, Self::Referent],
            Self::OrganismeFormation => &[Self::OrganismeFormation],
            Self::Hub => &[Self::Hub],
            Self::GrandReseau => &[Self::GrandReseau],
            Self::Commanditaire => &[Self::Commanditaire],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn qui_decide_paie_ou_administre_montre_deux_facteurs() {
        for fonction in Fonction::TOUTES {
            let engage = matches!(fonction.part(), Some(Part::Decide | Part::Paie))
                || matches!(fonction, Fonction::Administration | Fonction::Auditeur);
            assert_eq!(fonction.demande_deux_facteurs(), engage, "{fonction:?}");
        }
    }

    #[test]
    fn les_codes_sont_distincts_et_se_relisent() {
        let codes: BTreeSet<_> = Fonction::TOUTES.iter().map(|f| f.code()).collect();
        assert_eq!(codes.len(), Fonction::TOUTES.len());
        for fonction in Fonction::TOUTES {
            assert_eq!(Fonction::depuis_code(fonction.code()), Some(*fonction));
            assert!(!fonction.genres().is_empty());
        }
    }
}
