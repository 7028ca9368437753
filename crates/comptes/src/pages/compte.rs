//! One's own account: who one is, how one is reached, what one holds, where one is signed in.

use super::{Champs, identifiant};
use crate::{
    actions::{
        compte::{self as actions, Identite},
        connexion,
    },
    domain::{
        attribution::EtatAttribution,
        courriel::Courriel,
        personne::{Contact, Moyen, Nom, Personne, lire_annee_naissance},
        session::Session,
        telephone::{Plan, Telephone},
    },
    reconnaissance::jour,
    store::{attribution, notification, personne as personnes, session},
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use socle::{
    App,
    change::{Act, Stored},
    clock::Instant,
    errors::Erreur,
    module::BoxFuture,
    permissions::Actor,
};
use ui::{
    composants::{Choix, Description},
    form::Formulaire,
    gabarits::{Champ, Element, Geste, Message, PageFiche, PageFormulaire, Section, en_conflit},
    page::{Lien, Page},
};

/// The time zones of France, by the place that people know.
const FUSEAUX: [(&str, &str); 13] = [
    ("Europe/Paris", "France métropolitaine"),
    ("America/Guadeloupe", "Guadeloupe, Saint-Martin, Saint-Barthélemy"),
    ("America/Martinique", "Martinique"),
    ("America/Cayenne", "Guyane"),
    ("Indian/Reunion", "La Réunion"),
    ("Indian/Mayotte", "Mayotte"),
    ("America/Miquelon", "Saint-Pierre-et-Miquelon"),
    ("Pacific/Noumea", "Nouvelle-Calédonie"),
    ("Pacific/Tahiti", "Polynésie : îles de la Société, Tuamotu, Australes"),
    ("Pacific/Marquesas", "Polynésie : îles Marquises"),
    ("Pacific/Gambier", "Polynésie : îles Gambier"),
    ("Pacific/Wallis", "Wallis-et-Futuna"),
    ("UTC", "Temps universel"),
];

/// An instant as this person reads it.
pub fn quand(page: &Page, at: Instant, fuseau: &str) -> String {
    let civil = at.civil_in(fuseau);
    format!("{} à {}", page.date(civil.date()), page.heure(civil.time()))
}

async fn moi(app: &App, actor: &Actor) -> Result<(socle::db::Tx, Personne), Erreur> {
    let id = actor.person.ok_or(Erreur::Introuvable)?;
    let mut tx = app.db.read().await?;
    let personne = Personne::load(&mut tx, id).await?.ok_or(Erreur::Introuvable)?;
    Ok((tx, personne))
}

/// What another context adds to the account page; it gives it at start.
#[derive(Debug, Clone, Copy)]
pub struct AuCompte(pub for<'a> fn(&'a App, &'a Actor) -> BoxFuture<'a, Result<Apports, Erreur>>);

/// A message above the account, and ways to other pages.
#[derive(Debug, Clone, Default)]
pub struct Apports {
    /// What the person should know.
    pub message: Option<Message>,
    /// Words and paths of the site.
    pub liens: Vec<(&'static str, &'static str)>,
}

/// `GET /compte`
pub async fn montrer(State(app): State<App>, page: Page, actor: Actor) -> Result<Response, Erreur> {
    let (mut tx, personne) = moi(&app, &actor).await?;
    let at = app.clock.now();
    let contacts = personnes::contacts(&mut tx, personne.id).await?;
    let tenues = attribution::tenues(&mut tx, personne.id, jour(at)).await?;
    let non_lues = notification::non_lues(&mut tx, personne.id).await?;
    let sessions = session::ouvertes(&mut tx, personne.id, at).await?;
    drop(tx);
    let apports = match app.try_part::<AuCompte>() {
        Some(apporter) => (apporter.0)(&app, &actor).await?,
        None => Apports::default(),
    };
    let mut fiche = PageFiche::new(page, "Mon compte");
    fiche.message = apports.message;
    fiche.surtitre = personne.nom.to_string().into();
    let page = &fiche.page;
    fiche.gestes = vec![
        Geste::bouton(page, "Me déconnecter", "/deconnexion"),
        Geste::lien(page, "Mes moyens de connexion", "/compte/securite"),
        Geste::lien(page, "Mes données", "/compte/donnees"),
        Geste::lien(page, format!("Mes notifications ({non_lues})"), "/compte/notifications"),
    ];
    let ailleurs = apports.liens.into_iter();
    fiche
        .gestes
        .extend(ailleurs.map(|(libelle, chemin)| Geste::lien(page, libelle, chemin)));
    fiche.sections = vec![
        identite(page, &personne),
        moyens(page, &contacts),
        fonctions(page, &tenues, &actor, jour(at)),
        ouvertes(page, &sessions, &actor, &personne.fuseau),
    ];
    fiche.reponse()
}

fn identite(page: &Page, personne: &Personne) -> Section {
    let fuseau = FUSEAUX
        .iter()
        .find(|(code, _)| *code == personne.fuseau)
        .map_or(personne.fuseau.as_str(), |(_, nom)| nom);
    Section::new("Qui je suis")
        .faits(vec![
            Description::new("Prénom", personne.nom.prenom.clone()),
            Description::new("Nom", personne.nom.nom.clone()),
            Description::new(
                "Année de naissance",
                personne
                    .annee_naissance
                    .map_or_else(|| "non indiquée".to_owned(), |a| a.to_string()),
            ),
            Description::new("Heure locale", fuseau.to_owned()),
        ])
        .geste(Geste::lien(page, "Corriger", "/compte/identite"))
}

fn moyens(page: &Page, contacts: &[Contact]) -> Section {
    let mut section = Section::new("Comment me joindre")
        .intro("Une adresse confirmée sert à vous connecter et à vous écrire. Vous pouvez en avoir plusieurs.")
        .geste(Geste::lien(
            page,
            "Ajouter une adresse ou un téléphone",
            "/compte/contacts/nouveau",
        ));
    section.elements = contacts
        .iter()
        .map(|contact| Element {
            titre: match &contact.moyen {
                Moyen::Courriel(courriel) => courriel.to_string(),
                Moyen::Telephone(numero) => Telephone::lisible(numero),
            },
            details: vec![
                match (&contact.moyen, contact.confirme_at) {
                    (Moyen::Courriel(_), Some(_)) => "adresse confirmée",
                    (Moyen::Courriel(_), None) => "adresse à confirmer : ouvrez le message que nous lui avons envoyé",
                    (Moyen::Telephone(_), _) => "téléphone",
                }
                .to_owned(),
            ],
            gestes: vec![Geste::bouton(page, "Retirer", "/compte/contacts/retirer").avec("contact", contact.id)],
        })
        .collect();
    section
}

fn fonctions(page: &Page, tenues: &[attribution::Tenue], actor: &Actor, jour: socle::clock::Day) -> Section {
    let en_usage = actor.grants.iter().find_map(|g| g.source);
    let mut section = Section::new("Mes fonctions");
    if tenues.is_empty() {
        return section.intro("Vous n’exercez aucune fonction. Une invitation vous en donnera une.");
    }
    section.elements = tenues
        .iter()
        .map(|tenue| {
            let une = &tenue.attribution;
            let mut details = vec![match une.au {
                Some(au) => format!("du {} au {}", page.date(une.du), page.date(au)),
                None => format!("depuis le {}", page.date(une.du)),
            }];
            if tenue.par_delegation {
                details.push("par délégation".to_owned());
            }
            if actor.really.is_some() && une.fonction.demande_deux_facteurs() {
                details.push("ne s’exerce que par la personne elle-même".to_owned());
            }
            if actor.withheld.contains(&une.fonction.role()) {
                details.push("attend un second moyen de connexion".to_owned());
            }
            let choisie = en_usage == Some(une.id);
            let courante = une.etat(jour) == EtatAttribution::EnCours;
            if choisie {
                details.push("c’est celle que vous exercez en ce moment".to_owned());
            }
            let geste = Geste::bouton(page, "Exercer cette fonction", "/compte/fonction").avec("attribution", une.id);
            Element {
                titre: format!("{}, {}", une.fonction.titre(), tenue.perimetre),
                details,
                gestes: if choisie || !courante { vec![] } else { vec![geste] },
            }
        })
        .collect();
    section
}

fn ouvertes(page: &Page, sessions: &[Session], actor: &Actor, fuseau: &str) -> Section {
    let mut section = Section::new("Où je suis connecté");
    // In someone's place, their devices are seen and left alone.
    let la_sienne = actor.really.is_none();
    section.elements = sessions
        .iter()
        .map(|une| {
            let ici = actor.session == Some(une.id);
            let mut details = vec![
                format!("par {}", une.moyen.titre()),
                format!("dernière activité : {}", quand(page, une.vue_at, fuseau)),
            ];
            if ici {
                details.push("c’est cet appareil".to_owned());
            }
            if let Some(place) = &une.place {
                details.push(format!("à la place de quelqu’un : {}", place.motif));
            }
            let geste = Geste::bouton(page, "Déconnecter", "/compte/sessions/fermer").avec("session", une.id);
            Element {
                titre: une.appareil.clone(),
                details,
                gestes: if la_sienne { vec![geste] } else { vec![] },
            }
        })
        .collect();
    if la_sienne && sessions.len() > 1 {
        section = section.geste(
            Geste::bouton(
                page,
                "Déconnecter tous les autres appareils",
                "/compte/sessions/fermer-les-autres",
            )
            .dangereux(),
        );
    }
    section
}

fn page_identite(mut page: Page, form: Formulaire) -> PageFormulaire {
    page.fil.push(Lien::new("Mon compte", page.fixe("/compte")));
    let fuseaux = FUSEAUX.iter().map(|(code, nom)| Choix::new(*code, *nom)).collect();
    let version = form.valeur("version").to_owned();
    PageFormulaire::new(page, "Corriger mes informations", "/compte/identite", "Enregistrer")
        .champs(vec![
            Champ::ligne("prenom", "Prénom").rempli_par("given-name"),
            Champ::ligne("nom", "Nom").rempli_par("family-name"),
            Champ::chiffres("annee_naissance", "Année de naissance", "bday-year")
                .aide("Quatre chiffres. Elle sert seulement à ne pas confondre deux personnes.")
                .facultatif(),
            Champ::liste("fuseau", "Heure locale", fuseaux),
            Champ::cache("version", version),
        ])
        .form(form)
}

fn rempli_de(personne: &Personne) -> Formulaire {
    Formulaire::vide()
        .avec("prenom", &personne.nom.prenom)
        .avec("nom", &personne.nom.nom)
        .avec(
            "annee_naissance",
            personne.annee_naissance.map_or_else(String::new, |a| a.to_string()),
        )
        .avec("fuseau", &personne.fuseau)
        .avec("version", personne.version)
}

/// `GET /compte/identite`
pub async fn montrer_identite(State(app): State<App>, page: Page, actor: Actor) -> Result<Response, Erreur> {
    let (_, personne) = moi(&app, &actor).await?;
    page_identite(page, rempli_de(&personne)).reponse()
}

fn lire_identite(form: &mut Formulaire, annee: i16) -> Option<(Identite, i64)> {
    let nom = Nom::lire(form.valeur("prenom"), form.valeur("nom"));
    let naissance = lire_annee_naissance(form.valeur("annee_naissance"), annee);
    let fuseau = FUSEAUX
        .iter()
        .find(|(code, _)| *code == form.valeur("fuseau"))
        .map(|(code, _)| (*code).to_owned());
    let version = form.valeur("version").parse().ok();
    if fuseau.is_none() {
        form.refuser("fuseau", "choisissez l’endroit dont vous suivez l’heure");
    }
    for refus in [nom.as_ref().err().cloned(), naissance.as_ref().err().cloned()]
        .into_iter()
        .flatten()
    {
        form.refuser(refus.champ.as_deref().unwrap_or("nom"), &refus.message);
    }
    let identite = Identite {
        nom: nom.ok()?,
        annee_naissance: naissance.ok()?,
        fuseau: fuseau?,
    };
    Some((identite, version?))
}

/// `POST /compte/identite`
pub async fn corriger(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let at = app.clock.now();
    let Some((identite, vue)) = lire_identite(&mut form, jour(at).year()) else {
        return page_identite(page, form).reponse();
    };
    let mut tx = app.db.write().await?;
    let fait = actions::corriger(&Act::now(&app, &actor), &mut tx, vue, identite).await;
    if matches!(fait, Err(Erreur::Conflit)) {
        tx.rollback().await?;
        let (_, actuelle) = moi(&app, &actor).await?;
        return perimee(page_identite, page, &actuelle, form);
    }
    match form.conclure(tx, fait, "nom").await? {
        Some(_) => Ok(Redirect::to(&page.fixe("/compte")).into_response()),
        None => page_identite(page, form).reponse(),
    }
}

/// A 409 that shows both versions: what is kept now beside what was typed, which one button keeps.
///
/// # Errors
/// When it cannot be drawn, which is a fault.
pub fn perimee(
    formulaire: impl FnOnce(Page, Formulaire) -> PageFormulaire,
    page: Page,
    actuelle: &Personne,
    form: Formulaire,
) -> Result<Response, Erreur> {
    let faits = [
        ("Prénom", actuelle.nom.prenom.clone(), "prenom"),
        ("Nom", actuelle.nom.nom.clone(), "nom"),
    ]
    .into_iter()
    .map(|(terme, tenu, champ)| {
        Description::lignes(
            terme,
            vec![
                format!("enregistré : {tenu}").into(),
                format!("votre saisie : {}", form.valeur(champ)).into(),
            ],
        )
    })
    .collect();
    let repris = ["prenom", "nom", "annee_naissance", "fuseau"]
        .into_iter()
        .fold(Formulaire::vide(), |f, champ| f.avec(champ, form.valeur(champ)))
        .avec("version", actuelle.version);
    let vue = formulaire(page, repris).faits(faits).message(Message::attention(
        "Ces informations ont changé entre-temps",
        "Comparez ce qui est enregistré et ce que vous avez saisi. Enregistrez de nouveau pour garder votre saisie.",
    ));
    en_conflit(ui::rendu::rendre(&vue))
}

fn page_contact(mut page: Page, form: Formulaire) -> PageFormulaire {
    page.fil.push(Lien::new("Mon compte", page.fixe("/compte")));
    PageFormulaire::new(
        page,
        "Ajouter une adresse ou un téléphone",
        "/compte/contacts/nouveau",
        "Ajouter",
    )
    .intro("Remplissez l’un des deux. Nous écrirons à l’adresse pour vérifier qu’elle est à vous.")
    .champs(vec![
        Champ::courriel("courriel", "Adresse de courriel").facultatif(),
        Champ::telephone("telephone", "Numéro de téléphone")
            .aide("Par exemple 01 99 00 12 34, 0690 12 34 56 ou +687 12 34 56")
            .facultatif(),
    ])
    .form(form)
}

/// `GET /compte/contacts/nouveau`
pub async fn montrer_contact(page: Page) -> Result<Response, Erreur> {
    page_contact(page, Formulaire::vide()).reponse()
}

fn lire_moyen(form: &mut Formulaire) -> Option<Moyen> {
    match (form.valeur("courriel").is_empty(), form.valeur("telephone").is_empty()) {
        (true, true) => {
            form.refuser("courriel", "écrivez une adresse ou un numéro");
            None
        }
        (false, _) => form.lire("courriel", Courriel::lire).map(Moyen::Courriel),
        (true, false) => form
            .lire("telephone", |t| Telephone::lire(t, Plan::Metropole))
            .map(|t| Moyen::Telephone(t.as_str().to_owned())),
    }
}

/// `POST /compte/contacts/nouveau`
pub async fn ajouter_contact(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let Some(moyen) = lire_moyen(&mut form) else {
        return page_contact(page, form).reponse();
    };
    let mut tx = app.db.write().await?;
    let fait = actions::ajouter_contact(&Act::now(&app, &actor), &mut tx, moyen).await;
    match form.conclure(tx, fait, "courriel").await? {
        Some(_) => Ok(Redirect::to(&page.fixe("/compte")).into_response()),
        None => page_contact(page, form).reponse(),
    }
}

/// `POST /compte/contacts/retirer`
pub async fn retirer_contact(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let id = identifiant(&Formulaire::rempli(valeurs), "contact")?;
    let mut tx = app.db.write().await?;
    actions::retirer_contact(&Act::now(&app, &actor), &mut tx, id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe("/compte")).into_response())
}

/// `GET /compte/contacts/confirmer/{jeton}`: shows a button, and changes nothing.
pub async fn montrer_confirmation(page: Page, actor: Actor, Path(jeton): Path<String>) -> Result<Response, Erreur> {
    if !jeton.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Erreur::Introuvable);
    }
    if actor.person.is_none() {
        let mut fiche = PageFiche::new(page, "Confirmer mon adresse");
        fiche.message = Some(Message::attention(
            "Connectez-vous d’abord",
            "Connectez-vous au compte où vous avez ajouté cette adresse, avec une adresse déjà confirmée. Ouvrez ensuite de nouveau le lien du message.",
        ));
        fiche.gestes = vec![Geste::lien(&fiche.page, "Me connecter", "/connexion")];
        return fiche.reponse();
    }
    let action = format!("/compte/contacts/confirmer/{jeton}");
    PageFormulaire::new(page, "Confirmer mon adresse", &action, "Confirmer mon adresse")
        .intro("Appuyez sur le bouton pour dire que cette adresse est à vous. Elle servira à vous connecter.")
        .reponse()
}

/// `POST /compte/contacts/confirmer/{jeton}`
pub async fn confirmer_contact(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(jeton): Path<String>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    actions::confirmer_contact(&Act::now(&app, &actor), &mut tx, &jeton).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe("/compte")).into_response())
}

/// `POST /compte/fonction`
pub async fn choisir_fonction(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let id = identifiant(&Formulaire::rempli(valeurs), "attribution")?;
    let mut tx = app.db.write().await?;
    actions::choisir_fonction(&Act::now(&app, &actor), &mut tx, id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe("/compte")).into_response())
}

/// `POST /compte/sessions/fermer`
pub async fn fermer_session(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let id = identifiant(&Formulaire::rempli(valeurs), "session")?;
    let mut tx = app.db.write().await?;
    connexion::fermer(&mut tx, &app, &actor, id).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe("/compte")).into_response())
}

/// `POST /compte/sessions/fermer-les-autres`
pub async fn fermer_les_autres(State(app): State<App>, page: Page, actor: Actor) -> Result<Response, Erreur> {
    let mut tx = app.db.write().await?;
    connexion::fermer_les_autres(&Act::now(&app, &actor), &mut tx).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe("/compte")).into_response())
}
