//! What an organisation is in law.

use serde::{Deserialize, Serialize};

/// What an organisation is in law, as the programme tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormeJuridique {
    /// A commune.
    Commune,
    /// A group of communes with its own taxes.
    Epci,
    /// A département.
    Departement,
    /// A région.
    Region,
    /// An overseas collectivity, or a collectivity with a status of its own.
    CollectiviteParticuliere,
    /// The social service of a commune or of a group of communes.
    Ccas,
    /// Several communes, or a mixed syndicate.
    Syndicat,
    /// A public body: library, hospital, school, chamber.
    EtablissementPublic,
    /// A public interest group.
    Gip,
    /// A department of the State.
    Etat,
    /// A consulate, or another post abroad.
    Consulat,
    /// An association.
    Association,
    /// A foundation or an endowment fund.
    Fondation,
    /// A cooperative, a mutual society or another enterprise of the social economy.
    Ess,
    /// A social landlord.
    BailleurSocial,
    /// A private body with a mission of general interest.
    PriveInteretGeneral,
    /// A commercial enterprise.
    Entreprise,
}

use FormeJuridique::{
    Association, BailleurSocial, Ccas, CollectiviteParticuliere, Commune, Consulat, Departement, Entreprise, Epci, Ess,
    EtablissementPublic, Etat, Fondation, Gip, PriveInteretGeneral, Region, Syndicat,
};

/// Each form with its stable code and what people read, in the order of the lists.
const FORMES: [(FormeJuridique, &str, &str); 17] = [
    (Commune, "commune", "Commune"),
    (Epci, "epci", "Intercommunalité (EPCI)"),
    (Departement, "departement", "Département"),
    (Region, "region", "Région"),
    (
        CollectiviteParticuliere,
        "collectivite_particuliere",
        "Collectivité d’outre-mer ou à statut particulier",
    ),
    (Ccas, "ccas", "CCAS ou CIAS"),
    (Syndicat, "syndicat", "Syndicat intercommunal ou mixte"),
    (EtablissementPublic, "etablissement_public", "Établissement public"),
    (Gip, "gip", "Groupement d’intérêt public"),
    (Etat, "etat", "Service de l’État"),
    (Consulat, "consulat", "Consulat ou poste à l’étranger"),
    (Association, "association", "Association"),
    (Fondation, "fondation", "Fondation ou fonds de dotation"),
    (
        Ess,
        "ess",
        "Coopérative, mutuelle, autre entreprise de l’économie sociale et solidaire",
    ),
    (BailleurSocial, "bailleur_social", "Bailleur social"),
    (
        PriveInteretGeneral,
        "prive_interet_general",
        "Organisme privé d’intérêt général",
    ),
    (Entreprise, "entreprise", "Entreprise"),
];

impl FormeJuridique {
    /// Every form, in the order of the lists.
    pub fn toutes() -> impl Iterator<Item = Self> {
        FORMES.into_iter().map(|(forme, _, _)| forme)
    }

    /// Its stable code.
    pub fn code(self) -> &'static str {
        self.ligne().1
    }

    /// What people read.
    pub fn libelle(self) -> &'static str {
        self.ligne().2
    }

    /// The form of a code.
    pub fn lire(code: &str) -> Option<Self> {
        Self::toutes().find(|forme| forme.code() == code)
    }

    fn ligne(self) -> (Self, &'static str, &'static str) {
        let ligne = FORMES.into_iter().find(|(forme, _, _)| *forme == self);
        ligne.expect("FORMES holds every form")
    }

    /// Whether it is a public body: what it may ask for, and how it is paid, depend on that.
    pub fn est_publique(self) -> bool {
        !matches!(
            self,
            Association | Fondation | Ess | BailleurSocial | PriveInteretGeneral | Entreprise
        )
    }

    /// Whether it may have a number of the register of associations.
    pub fn est_associative(self) -> bool {
        matches!(self, Association | Fondation | Ess | PriveInteretGeneral)
    }

    /// The form that INSEE's category of legal units tells; nothing when the category is too wide to say.
    pub fn de_la_categorie(code: &str) -> Option<Self> {
        let quatre = code.len() == 4 && code.bytes().all(|octet| octet.is_ascii_digit());
        if !quatre {
            return None;
        }
        Some(match code {
            "7210" => Commune,
            "7220" => Departement,
            "7225" | "7229" => CollectiviteParticuliere,
            "7230" => Region,
            "7343" | "7344" | "7346" | "7347" | "7348" => Epci,
            "7340" | "7345" | "7353" | "7354" | "7355" => Syndicat,
            "7361" | "7367" => Ccas,
            "7410" => Gip,
            "9300" => Fondation,
            // Office public de l'habitat.
            "4140" | "7371" => return None,
            _ => match &code[..2] {
                "71" => Etat,
                "41" | "73" | "74" => EtablissementPublic,
                "82" => Ess,
                "92" => Association,
                "54" | "55" | "56" | "57" | "65" => Entreprise,
                _ => return None,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chaque_forme_a_son_code_et_se_relit() {
        let codes: std::collections::HashSet<_> = FormeJuridique::toutes().map(FormeJuridique::code).collect();
        assert_eq!(codes.len(), FORMES.len());
        for forme in FormeJuridique::toutes() {
            assert_eq!(FormeJuridique::lire(forme.code()), Some(forme));
            assert_eq!(
                serde_json::to_value(forme).unwrap(),
                serde_json::Value::from(forme.code())
            );
        }
        assert_eq!(FormeJuridique::lire("societe"), None);
    }

    #[test]
    fn la_categorie_de_l_insee_dit_la_forme_quand_elle_la_dit() {
        for (categorie, forme) in [
            ("7210", Some(Commune)),
            ("7346", Some(Epci)),
            ("7361", Some(Ccas)),
            ("7120", Some(Etat)),
            ("9220", Some(Association)),
            ("9260", Some(Association)),
            ("8210", Some(Ess)),
            ("5710", Some(Entreprise)),
            ("7366", Some(EtablissementPublic)),
            ("7371", None),
            ("1000", None),
            ("", None),
            ("72é", None),
        ] {
            assert_eq!(FormeJuridique::de_la_categorie(categorie), forme, "{categorie}");
        }
    }

    #[test]
    fn le_public_et_l_associatif_se_distinguent() {
        assert!(Commune.est_publique() && Consulat.est_publique() && Gip.est_publique());
        assert!(!Association.est_publique() && !Ess.est_publique());
        assert!(Association.est_associative() && !Commune.est_associative());
    }
}
