//! Opening a file for someone who does not use the site, and the receipt that they are given.

use super::{Champs, compte::quand, fonctions::sien};
use crate::{
    actions::{personnes as actions, rapprochement::ressemblants},
    domain::{
        personne::{Nom, Personne, lire_annee_naissance},
        rapprochement::Signalement,
        telephone::{Plan, Telephone},
    },
    permissions::{OuvrirFiche, VoirPersonnes},
    reconnaissance::{FUSEAU_DES_JOURS, jour},
    store::{attribution as attributions, perimetre},
};
use axum::{extract::State, response::Response};
use socle::{
    App,
    change::Act,
    clock::Day,
    db::Tx,
    errors::Erreur,
    permissions::{Actor, authorise},
};
use ui::{
    composants::{Choix, Description},
    form::Formulaire,
    gabarits::{Champ, Geste, Message, PageFiche, PageFormulaire, Section},
    page::Page,
};
use uuid::Uuid;

/// How many files that look alike are shown before another is opened.
const SIMILAIRES_MAX: usize = 5;

/// Files that look like the one about to be opened.
#[derive(Debug, Default)]
struct Connues {
    /// Those that the agent may see.
    visibles: Vec<(Uuid, Signalement)>,
    /// Whether there is one more where they open files, which they may not see.
    autre: bool,
}

impl Connues {
    fn est_vide(&self) -> bool {
        self.visibles.is_empty() && !self.autre
    }
}

/// The files that look like the one about to be opened, where the agent may open one.
async fn deja_connues(tx: &mut Tx, app: &App, actor: &Actor, fiche: &actions::Fiche) -> Result<Connues, Erreur> {
    let signalement = Signalement {
        prenom: fiche.nom.prenom.clone(),
        nom: fiche.nom.nom.clone(),
        naissance: fiche.annee_naissance,
        telephones: fiche.telephone.iter().cloned().collect(),
        ..Signalement::default()
    };
    let mut connues = Connues::default();
    for (id, autre, _) in ressemblants(tx, Uuid::nil(), &signalement).await? {
        let codes = attributions::codes_du_jour(tx, id, jour(app.clock.now())).await?;
        if authorise::<VoirPersonnes>(actor, &codes).is_ok() {
            connues.visibles.push((id, autre));
        } else if authorise::<OuvrirFiche>(actor, &codes).is_ok() {
            connues.autre = true;
        }
        if connues.visibles.len() == SIMILAIRES_MAX {
            break;
        }
    }
    Ok(connues)
}

/// The form again, with the files that look like this one and a box to tick when it is someone else.
fn page_connues(page: Page, form: Formulaire, connues: &Connues) -> PageFormulaire {
    let choix = vec![Choix::new(
        "oui",
        "C’est une autre personne\u{a0}: ouvrir une nouvelle fiche",
    )];
    let conseil = if connues.visibles.is_empty() {
        "Une fiche de votre périmètre ressemble déjà à celle-ci. Demandez à la personne si elle a déjà le reçu d’une fiche. Rien n’est encore enregistré."
    } else {
        "Regardez d’abord les fiches qui ressemblent. Rien n’est encore enregistré."
    };
    let titre = "Cette personne a peut-être déjà une fiche";
    let mut vue = page_nouvelle(page, form).message(Message::attention(titre, conseil));
    vue.champs
        .push(Champ::cases("autre_personne", "Avez-vous vérifié\u{202f}?", choix));
    let gestes: Vec<_> = connues
        .visibles
        .iter()
        .map(|(id, une)| {
            let ne = une.naissance.map_or_else(String::new, |annee| format!(", {annee}"));
            let libelle = format!("Voir la fiche de {} {}{ne}", une.prenom, une.nom);
            Geste::lien(&vue.page, libelle, &format!("/personnes/{id}"))
        })
        .collect();
    vue.gestes(gestes)
}

fn page_nouvelle(page: Page, form: Formulaire) -> PageFormulaire {
    PageFormulaire::new(page, "Ouvrir une fiche pour quelqu’un", "/personnes/nouvelle", "Ouvrir la fiche")
        .intro("Pour une personne qui n’utilise pas le site : elle est devant vous ou au téléphone. Vous lui remettrez un reçu imprimé.")
        .champs(vec![
            Champ::ligne("prenom", "Prénom"),
            Champ::ligne("nom", "Nom"),
            Champ::chiffres("annee_naissance", "Année de naissance", "off")
                .aide("Seulement si la personne accepte de la donner")
                .facultatif(),
            Champ::telephone("telephone", "Numéro de téléphone").facultatif(),
        ])
        .form(form)
}

/// `GET /personnes/nouvelle`
pub async fn montrer_nouvelle(page: Page) -> Result<Response, Erreur> {
    page_nouvelle(page, Formulaire::vide()).reponse()
}

/// The numbering plan of where an agent works: there, a number is said without its prefix.
async fn plan_de(tx: &mut Tx, actor: &Actor, jour: Day) -> Result<Plan, Erreur> {
    let Some(sien) = sien(actor) else {
        return Ok(Plan::default());
    };
    let codes = perimetre::portee(tx, &sien, jour)
        .await?
        .map(|portee| portee.codes())
        .unwrap_or_default();
    let territoires = codes.iter().filter_map(|code| match code.split_once(':') {
        Some(("C" | "D" | "T", code)) => Some(Plan::de(code)),
        _ => None,
    });
    Ok(territoires
        .max_by_key(|plan| *plan != Plan::Metropole)
        .unwrap_or_default())
}

fn lire_fiche(form: &mut Formulaire, annee: i16, plan: Plan) -> Option<actions::Fiche> {
    let nom = Nom::lire(form.valeur("prenom"), form.valeur("nom"));
    let naissance = lire_annee_naissance(form.valeur("annee_naissance"), annee);
    for refus in [nom.as_ref().err().cloned(), naissance.as_ref().err().cloned()]
        .into_iter()
        .flatten()
    {
        form.refuser(refus.champ.as_deref().unwrap_or("nom"), &refus.message);
    }
    let telephone = if form.valeur("telephone").is_empty() {
        Some(None)
    } else {
        form.lire("telephone", |t| Telephone::lire(t, plan))
            .map(|t| Some(t.as_str().to_owned()))
    };
    Some(actions::Fiche {
        nom: nom.ok()?,
        annee_naissance: naissance.ok()?,
        telephone: telephone?,
    })
}

/// `POST /personnes/nouvelle`: gives the receipt to print.
pub async fn ouvrir(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let at = app.clock.now();
    let mut tx = app.db.write().await?;
    let plan = plan_de(&mut tx, &actor, jour(at)).await?;
    let Some(fiche) = lire_fiche(&mut form, jour(at).year(), plan) else {
        return page_nouvelle(page, form).reponse();
    };
    if form.valeur("autre_personne") != "oui" {
        let connues = deja_connues(&mut tx, &app, &actor, &fiche).await?;
        if !connues.est_vide() {
            return page_connues(page, form, &connues).reponse();
        }
    }
    let personne = actions::ouvrir_fiche(&Act::now(&app, &actor), &mut tx, fiche).await?;
    tx.commit().await?;
    recu(page, &app, &personne)
}

/// The receipt that the agent prints and gives.
fn recu(page: Page, app: &App, personne: &Personne) -> Result<Response, Erreur> {
    let mut fiche = PageFiche::new(page, "Reçu");
    fiche.surtitre = "Imprimez cette page et remettez-la à la personne.".into();
    let operateur = app
        .settings
        .operator
        .name
        .clone()
        .unwrap_or_else(|| "l’exploitant du site".to_owned());
    let contact = app
        .settings
        .operator
        .contact
        .clone()
        .unwrap_or_else(|| "à demander à l’agent".to_owned());
    let page = &fiche.page;
    fiche.sections = vec![
        Section::new("Une fiche a été ouverte à votre demande").faits(vec![
            Description::new("Nom", personne.nom.to_string()),
            Description::new("Numéro de la fiche", personne.id.to_string()),
            Description::new("Ouverte le", quand(page, personne.creee_at, FUSEAU_DES_JOURS)),
            Description::new("Responsable", operateur),
            Description::new("Pour toute question", contact),
        ]),
        Section::new("Vos droits")
            .intro("Vous pouvez demander à voir ce qui est écrit sur vous, à le corriger ou à l’effacer. Donnez le numéro de la fiche à un agent, ou écrivez au contact ci-dessus.")
            .intro("Si vous avez un jour une adresse de courriel, un agent peut l’ajouter : vous vous connecterez alors vous-même."),
    ];
    fiche.reponse()
}
