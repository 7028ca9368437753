//! The messages that this context sends, each in plain French with its text twin.

use crate::domain::courriel::Courriel;
use socle::{
    App, Settings,
    db::Tx,
    errors::Erreur,
    mail::{self, Mail, MailSample},
};
use ui::courriel::Corps;
use uuid::Uuid;

/// A message, with what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// How to sign in.
    Connexion {
        /// The link.
        lien: String,
        /// The code, in two groups.
        code: String,
    },
    /// Showing that an address is one's own.
    Confirmation {
        /// The link.
        lien: String,
    },
    /// An invitation to a function.
    Invitation {
        /// Who invites.
        par: String,
        /// The function and its perimeter.
        fonction: String,
        /// The link.
        lien: String,
        /// The last day on which it holds.
        jusqu_au: String,
    },
    /// Someone acted in the person's place.
    Place {
        /// The function of who did.
        par: String,
        /// Why.
        motif: String,
        /// When.
        quand: String,
    },
    /// A function was granted or ended.
    Fonction {
        /// What happened, in one sentence.
        phrase: String,
        /// Where to see it.
        lien: String,
    },
    /// What happened in a day.
    Resume {
        /// A sentence each.
        phrases: Vec<String>,
        /// Where to see them.
        lien: String,
    },
    /// The account has not served for long, and will be anonymised.
    Inactivite {
        /// Since which day.
        depuis: String,
        /// On which day.
        le: String,
        /// Where to sign in.
        lien: String,
    },
    /// A file that the person opened or answers for will be anonymised.
    Fiche {
        /// Which, in one sentence.
        phrase: String,
        /// Where to see it.
        lien: String,
    },
    /// Something was decided of a place for which the person asked.
    Lieu {
        /// What was decided, in one sentence.
        phrase: String,
        /// Where to see it.
        lien: String,
    },
    /// The ways in which the person signs in changed.
    Facteurs {
        /// What happened, in one sentence.
        phrase: String,
        /// Where to see it.
        lien: String,
    },
}

/// The kind of the warning of someone who no longer comes.
pub const INACTIVITE: &str = "inactivite";

impl Message {
    /// The kind, as the queue and the preferences name it.
    pub const fn genre(&self) -> &'static str {
        match self {
            Self::Connexion { .. } => "connexion",
            Self::Confirmation { .. } => "confirmation",
            Self::Invitation { .. } => "invitation",
            Self::Place { .. } => "place",
            Self::Fonction { .. } => "fonction",
            Self::Lieu { .. } => "lieu",
            Self::Facteurs { .. } => "facteurs",
            Self::Resume { .. } => "resume",
            Self::Inactivite { .. } => INACTIVITE,
            Self::Fiche { .. } => "fiche",
        }
    }

    fn sujet(&self) -> &'static str {
        match self {
            Self::Connexion { .. } => "Votre lien de connexion à Maillage",
            Self::Confirmation { .. } => "Confirmez votre adresse de courriel",
            Self::Invitation { .. } => "Vous êtes invité sur Maillage",
            Self::Place { .. } => "Quelqu’un a agi à votre place sur Maillage",
            Self::Fonction { .. } => "Vos fonctions sur Maillage ont changé",
            Self::Lieu { .. } => "Votre demande ou votre import de lieux a abouti",
            Self::Facteurs { .. } => "Vos moyens de connexion ont changé",
            Self::Resume { .. } => "Ce qui s’est passé hier sur Maillage",
            Self::Inactivite { .. } => "Votre compte Maillage va être effacé",
            Self::Fiche { .. } => "Une fiche va être rendue anonyme sur Maillage",
        }
    }

    fn corps(&self, recours: Recours<'_>) -> Corps {
        let corps = Corps::nouveau(self.sujet()).paragraphe("Bonjour,");
        match self {
            Self::Connexion { lien, code } => corps
                .paragraphe("Vous avez demandé à vous connecter à Maillage. Ouvrez ce lien dans le navigateur où vous l’avez demandé. Il vaut 10 minutes et une seule fois.")
                .bouton("Me connecter", lien)
                .paragraphe("Sur un autre appareil, tapez plutôt ce code. Il vaut 30 minutes.")
                .code(code)
                .paragraphe("Vous n’avez rien demandé ? Ne faites rien : sans ce message, personne ne peut se connecter à votre place. Ne donnez ce code à personne, même à quelqu’un qui dit travailler pour Maillage."),
            Self::Confirmation { lien } => corps
                .paragraphe("Cette adresse a été ajoutée à un compte de Maillage. Confirmez qu’elle est à vous.")
                .bouton("Confirmer mon adresse", lien)
                .paragraphe("Ce n’est pas vous ? Ne faites rien : l’adresse ne servira pas."),
            Self::Invitation { par, fonction, lien, jusqu_au } => corps
                .paragraphe(format!("{par} vous invite à rejoindre Maillage. Fonction proposée : {fonction}."))
                .bouton("Voir l’invitation", lien)
                .paragraphe(format!("L’invitation vaut jusqu’au {jusqu_au}, pour vous seul. Vous pourrez l’accepter ou non après l’avoir lue.")),
            Self::Place { par, motif, quand } => corps
                .paragraphe(format!("{quand}, une personne de l’équipe ({par}) a ouvert une session à votre place pour vous aider."))
                .paragraphe(format!("Motif indiqué : {motif}"))
                .paragraphe("Tout ce qu’elle fait est écrit au journal sous vos deux noms. Vous le retrouvez dans votre compte, page « Mes données ».")
                .paragraphe(format!("Cela vous surprend\u{202f}? {}", recours.phrase())),
            Self::Resume { phrases, lien } => corps
                .paragraphe("Voici ce qui vous concerne depuis le dernier résumé.")
                .liste(phrases.iter().cloned())
                .bouton("Voir mes notifications", lien)
                .pied("Vous recevez un résumé par jour parce que vous l’avez choisi ; vous pouvez changer d’avis dans votre compte."),
            Self::Inactivite { depuis, le, lien } => corps
                .paragraphe(format!("Votre compte n’a pas servi depuis le {depuis}. Sans venue de votre part, il sera effacé le {le}."))
                .paragraphe("Pour le garder, connectez-vous avant cette date. Il n’y a rien d’autre à faire.")
                .bouton("Garder mon compte", lien)
                .paragraphe("Sinon, ceci sera effacé :")
                .liste([
                    "votre nom et votre année de naissance".to_owned(),
                    "vos adresses de courriel et vos numéros de téléphone".to_owned(),
                    "vos moyens de connexion, vos sessions et vos notifications".to_owned(),
                ])
                .paragraphe("Les décisions que vous avez prises dans vos fonctions passées restent, sans votre nom. Cela ne pourra pas être défait.")
                .pied("Vous recevez ce message une seule fois, parce que la plateforme ne garde pas les comptes qui ne servent plus."),
            Self::Fiche { phrase, lien } => corps.paragraphe(phrase).bouton("Voir", lien),
            Self::Lieu { phrase, lien } => corps
                .paragraphe(phrase)
                .bouton("Voir", lien)
                .pied("Vous recevez ce message parce que vous avez demandé à gérer un lieu, ou importé un fichier de lieux\u{202f}; vous pouvez choisir dans votre compte comment être prévenu."),
            Self::Fonction { phrase, lien } | Self::Facteurs { phrase, lien } => corps
                .paragraphe(phrase)
                .bouton("Voir mon compte", lien)
                .paragraphe(format!("Ce n’était pas prévu\u{202f}? {}", recours.phrase())),
        }
    }

    /// The message for this address.
    fn courriel(&self, a: &Courriel, personne: Option<Uuid>, recours: Recours<'_>) -> Mail {
        let (text, html) = self.corps(recours).rendre();
        Mail {
            kind: self.genre(),
            to: a.as_str().to_owned(),
            subject: self.sujet().to_owned(),
            text,
            html,
            about: personne,
        }
    }
}

/// How the reader of a message tells somebody that something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recours<'a> {
    /// By answering: somebody reads the answers.
    Repondre,
    /// As the operator says to reach them.
    Contact(&'a str),
    /// Nobody is named: from one's own account.
    Compte,
}

impl<'a> Recours<'a> {
    fn de(settings: &'a Settings) -> Self {
        match (&settings.mail.reply_to, &settings.operator.contact) {
            (Some(_), _) => Self::Repondre,
            (None, Some(contact)) => Self::Contact(contact),
            (None, None) => Self::Compte,
        }
    }

    fn phrase(self) -> String {
        match self {
            Self::Repondre => "Répondez à ce message sans attendre.".to_owned(),
            Self::Contact(contact) => {
                format!("Prévenez sans attendre l’équipe de la plateforme\u{a0}: {contact}")
            }
            Self::Compte => {
                "Connectez-vous sans attendre, et fermez les sessions que vous ne reconnaissez pas.".to_owned()
            }
        }
    }
}

/// Queues a message in the caller's transaction.
///
/// # Errors
/// The engine's.
pub async fn deposer(
    tx: &mut Tx,
    app: &App,
    a: &Courriel,
    personne: Option<Uuid>,
    message: &Message,
) -> Result<(), Erreur> {
    mail::queue(tx, app, message.courriel(a, personne, Recours::de(&app.settings))).await?;
    Ok(())
}

/// Each message for an invented person, for the preview of the demonstration.
pub const EXEMPLES: &[MailSample] = &[
    MailSample {
        name: "connexion",
        title: "Lien et code de connexion",
        make: || {
            exemple(&Message::Connexion {
                lien: format!("https://maillage.example/connexion/lien/{}", "0".repeat(64)),
                code: "0123 4567".into(),
            })
        },
    },
    MailSample {
        name: "confirmation",
        title: "Confirmer une adresse",
        make: || {
            exemple(&Message::Confirmation {
                lien: "https://maillage.example/compte/contacts/confirmer/00".into(),
            })
        },
    },
    MailSample {
        name: "invitation",
        title: "Invitation à exercer une fonction",
        make: || {
            exemple(&Message::Invitation {
                par: "Nadia Belkacem".into(),
                fonction: "Coordinateur de conseillers (Ain, 01)".into(),
                lien: format!("https://maillage.example/invitation/{}", "0".repeat(64)),
                jusqu_au: "mardi 10 mars 2026".into(),
            })
        },
    },
    MailSample {
        name: "place",
        title: "Quelqu’un a agi à votre place",
        make: || {
            exemple(&Message::Place {
                par: "Administrateur".into(),
                motif: "à votre demande par téléphone ce matin".into(),
                quand: "Le mardi 3 mars 2026 à 10 h".into(),
            })
        },
    },
    MailSample {
        name: "fonction",
        title: "Une fonction a changé",
        make: || {
            exemple(&Message::Fonction {
                phrase: "La fonction « Agent de préfecture » (Ain, 01) vous a été accordée.".into(),
                lien: "https://maillage.example/compte".into(),
            })
        },
    },
    MailSample {
        name: "resume",
        title: "Résumé quotidien",
        make: || {
            exemple(&Message::Resume {
                phrases: vec!["La fonction « Agent de préfecture » (Ain, 01) vous a été accordée.".into()],
                lien: "https://maillage.example/compte/notifications".into(),
            })
        },
    },
    MailSample {
        name: "inactivite",
        title: "Un compte qui ne sert plus va être effacé",
        make: || {
            exemple(&Message::Inactivite {
                depuis: "mercredi 3 avril 2024".into(),
                le: "vendredi 3 avril 2026".into(),
                lien: "https://maillage.example/connexion".into(),
            })
        },
    },
    MailSample {
        name: "fiche",
        title: "Une fiche va être rendue anonyme",
        make: || {
            exemple(&Message::Fiche {
                phrase: "La fiche 0190a1b2-0000-7000-8000-000000000000 sera rendue anonyme le vendredi 3 avril 2026 : elle n’a pas servi depuis longtemps et n’a pas d’adresse de courriel confirmée.".into(),
                lien: "https://maillage.example/compte/notifications".into(),
            })
        },
    },
    MailSample {
        name: "lieu",
        title: "Fin d’une demande ou d’un import de lieux",
        make: || {
            exemple(&Message::Lieu {
                phrase: "Votre demande de gérer «\u{a0}Médiathèque du Centre\u{a0}» est accordée.".into(),
                lien: "https://maillage.example/espace/revendications/00000000-0000-0000-0000-000000000001".into(),
            })
        },
    },
    MailSample {
        name: "facteurs",
        title: "Vos moyens de connexion ont changé",
        make: || {
            exemple(&Message::Facteurs {
                phrase: "Une application de codes a été ajoutée à votre compte.".into(),
                lien: "https://maillage.example/compte/securite".into(),
            })
        },
    },
];

fn exemple(message: &Message) -> Mail {
    let awa = Courriel::lire("awa.diarrassouba@maillage.example").expect("the constant is an address");
    message.courriel(&awa, None, Recours::Repondre)
}

#[cfg(test)]
mod tests {
    use super::*;
    use socle::{app::Operator, mail::MailSettings};

    #[test]
    fn un_avertissement_dit_comment_prevenir_vraiment_quelqu_un() {
        let settings = |contact: Option<&str>, reply_to: Option<&str>| Settings {
            operator: Operator {
                contact: contact.map(str::to_owned),
                ..Operator::default()
            },
            mail: MailSettings {
                reply_to: reply_to.map(str::to_owned),
                ..MailSettings::default()
            },
            ..Settings::default()
        };
        let adresse = Some("aide@exemple.fr");
        let cas = [
            (settings(adresse, adresse), "Répondez à ce message sans attendre."),
            (
                settings(Some("01 23 45 67 89"), None),
                "Prévenez sans attendre l’équipe de la plateforme\u{a0}: 01 23 45 67 89",
            ),
            (
                settings(None, None),
                "Connectez-vous sans attendre, et fermez les sessions que vous ne reconnaissez pas.",
            ),
        ];
        let awa = Courriel::lire("awa@exemple.fr").unwrap();
        let message = Message::Facteurs {
            phrase: "Une clé d’accès a été ajoutée à votre compte.".into(),
            lien: "https://exemple.fr/compte".into(),
        };
        for (settings, attendu) in cas {
            let texte = message.courriel(&awa, None, Recours::de(&settings)).text;
            let texte = texte.split_whitespace().collect::<Vec<_>>().join(" ");
            let attendu = attendu.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(texte.contains(&attendu), "{texte}");
        }
    }
}
