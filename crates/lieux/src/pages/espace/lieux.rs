//! The places that one answers for: their list, their record with its history, their form.

use super::{Champs, PAR_PAGE, jour, libelles::libelle, lisible, paginer};
use crate::{
    actions::{Cadre, modification as actions},
    domain::{
        listes::{
            Frais, Itinerance, ListeFermee, ModaliteAcces, ModaliteAccompagnement, PriseEnCharge, Public, Service,
        },
        modification::{Difference, Modification, Origine, differences, modifier, valeur},
        situe::LieuSitue,
    },
    index::CalendrierLocal,
    pages::{origines, semaine::semaine_type},
    permissions::GererSesLieux,
    store::{
        modification::{self as store, ModificationGardee},
        portee,
    },
    textes::mots,
};
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use horaires::Horaires;
use jiff::civil::Date;
use socle::{
    App,
    db::Tx,
    errors::{Erreur, Refus},
    permissions::{Actor, Permit, authorise, scope},
};
use territoire::Referentiel;
use ui::{
    composants::{Choix, Colonne, Description, Tableau, Valeur},
    form::Formulaire,
    gabarits::{Champ, Element, Geste, Message, PageFiche, PageFormulaire, PageListe, Section, en_conflit},
    page::Page,
};
use uuid::Uuid;

const CHEMIN: &str = "/espace/lieux";

/// How many changes the history shows.
const HISTOIRE: u32 = 20;

/// The fields of the form, one line or several.
const LIGNES: [&str; 10] = [
    "nom",
    "adresse",
    "complement_adresse",
    "code_postal",
    "commune",
    "telephone",
    "courriels",
    "site_web",
    "prise_rdv",
    "fiche_acces_libre",
];
const ZONES: [&str; 3] = ["horaires", "presentation_resume", "presentation_detail"];
const LISTES: [&str; 7] = [
    Service::COLONNE,
    Public::COLONNE,
    PriseEnCharge::COLONNE,
    Frais::COLONNE,
    ModaliteAcces::COLONNE,
    ModaliteAccompagnement::COLONNE,
    Itinerance::COLONNE,
];

/// `GET /espace/lieux?apres=`
pub async fn lister(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Query(valeurs): Query<Vec<(String, String)>>,
) -> Result<Response, Erreur> {
    let (_, portee_de) = scope::<GererSesLieux>(&actor)?;
    let demande = Formulaire::rempli(valeurs);
    let mut tx = app.db.read().await?;
    let apres = match demande.valeur("apres").parse() {
        Ok(id) => portee::situe(&mut tx, id).await?.map(|s| (s.lieu.nom, id)),
        Err(_) => None,
    };
    let apres = apres.as_ref().map(|(nom, id)| (nom.as_str(), *id));
    let mut lignes = portee::lister_dans(&mut tx, &portee_de, apres, PAR_PAGE + 1).await?;
    drop(tx);
    let pagination = paginer(&page, CHEMIN, &mut lignes, |dernier| {
        [("apres", dernier.id.to_string())]
    });
    let vide = (
        "Aucun lieu",
        "Cherchez votre lieu sur la carte, puis demandez à le gérer depuis sa page.",
    );
    let mut liste = PageListe::new(page, "Mes lieux", Tableau::default(), vide);
    let page = &liste.page;
    liste.tableau = tableau(page, &lignes);
    liste.gestes = vec![
        Geste::lien(page, "Chercher un lieu à gérer", "/lieux"),
        Geste::lien(page, "Mes demandes", "/espace/revendications"),
    ];
    liste.pagination = pagination;
    liste.reponse()
}

fn tableau(page: &Page, lignes: &[portee::Resume]) -> Tableau {
    let ligne = |resume: &portee::Resume| {
        vec![
            Valeur::lien(&resume.nom, page.fixe(&format!("{CHEMIN}/{}", resume.id))),
            Valeur::texte(&resume.commune),
        ]
    };
    Tableau {
        legende: "Les lieux que votre structure gère".to_owned(),
        colonnes: ["Lieu", "Commune"].map(Colonne::new).into(),
        lignes: lignes.iter().map(ligne).collect(),
    }
}

async fn charger(tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<(LieuSitue, Permit<GererSesLieux>), Erreur> {
    let situe = portee::situe(tx, id).await?.ok_or(Erreur::Introuvable)?;
    let permis = authorise::<GererSesLieux>(actor, &situe)?;
    Ok((situe, permis))
}

/// `GET /espace/lieux/{lieu}`
pub async fn montrer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let mut tx = app.db.read().await?;
    let (situe, _) = charger(&mut tx, &actor, id).await?;
    let histoire = store::du_lieu(&mut tx, id, HISTOIRE).await?;
    drop(tx);
    let origines = origines::lire(&app, id).await;
    let mut fiche = vue(page, &situe, &histoire);
    let t = mots(&fiche.page);
    fiche
        .sections
        .push(Section::new("D’où vient chaque information").faits(origines::decrire(origines, t)));
    fiche.reponse()
}

fn vue(page: Page, situe: &LieuSitue, histoire: &[ModificationGardee]) -> PageFiche {
    let lieu = &situe.lieu;
    let chemin = format!("{CHEMIN}/{}", lieu.id);
    let mut fiche = PageFiche::new(page, lieu.nom.clone());
    let page = &fiche.page;
    let mut gestes = Vec::new();
    if situe.publie {
        gestes.push(Geste::lien(page, "Modifier la fiche", &format!("{chemin}/modifier")));
        gestes.push(Geste::lien(
            page,
            "Voir la page publique",
            &format!("/lieux/{}", lieu.id),
        ));
    }
    if !situe.publie {
        // The public address follows a record to the place that absorbed it.
        let chemin = format!("/lieux/{}", lieu.id);
        gestes.push(Geste::lien(page, "Voir la fiche qui la remplace", &chemin));
    }
    gestes.push(Geste::lien(page, "Mes lieux", CHEMIN));
    let champs = LIGNES.into_iter().chain(ZONES).chain(LISTES);
    let faits = champs.map(|champ| Description::new(libelle(champ), lisible(&valeur(lieu, champ))));
    let dit = Section::new("Ce que dit la fiche").faits(faits.collect());
    let mut passe = Section::new("Modifications faites à la main");
    if histoire.is_empty() {
        passe = passe.intro("Personne n’a encore modifié cette fiche à la main.");
    }
    passe.elements = histoire
        .iter()
        .enumerate()
        .map(|(rang, une)| element(page, situe, une, rang == 0))
        .collect();
    fiche.gestes = gestes;
    fiche.sections = vec![dit, passe];
    fiche
}

fn element(page: &Page, situe: &LieuSitue, une: &ModificationGardee, derniere: bool) -> Element {
    let champs: Vec<&str> = une.champs.iter().map(|champ| libelle(champ)).collect();
    let defaire = Geste::bouton(page, "Défaire", &format!("{CHEMIN}/{}/defaire", une.lieu));
    let possible = derniere && situe.publie && une.version == situe.version;
    Element {
        titre: jour(page, une.at),
        details: vec![champs.join(", "), une.origine.source().to_owned()],
        gestes: possible
            .then(|| defaire.avec("version", situe.version).dangereux())
            .into_iter()
            .collect(),
    }
}

/// The form filled with what the record says.
fn rempli(situe: &LieuSitue) -> Formulaire {
    let simples = LIGNES.into_iter().chain(ZONES);
    let form = simples.fold(Formulaire::vide(), |form, champ| {
        form.avec(champ, valeur(&situe.lieu, champ).replace('|', ", "))
    });
    LISTES.into_iter().fold(form, |form, champ| {
        let cellule = valeur(&situe.lieu, champ);
        let cochees = cellule.split('|').filter(|v| !v.is_empty());
        cochees.fold(form, |form, cochee| form.avec(champ, cochee))
    })
}

/// What the form says, by column.
fn saisies(form: &Formulaire) -> Vec<(&'static str, String)> {
    let simples = LIGNES.into_iter().chain(ZONES).map(|champ| {
        let tape = form.valeur(champ);
        let plusieurs = ["courriels", "site_web"].contains(&champ);
        (champ, if plusieurs { en_liste(tape) } else { tape.to_owned() })
    });
    let listes = LISTES
        .into_iter()
        .map(|champ| (champ, form.valeurs(champ).collect::<Vec<_>>().join("|")));
    simples.chain(listes).collect()
}

/// Addresses as the standard separates them.
fn en_liste(tape: &str) -> String {
    let morceaux = tape.split([',', ';', ' ', '\n']).map(str::trim);
    morceaux.filter(|m| !m.is_empty()).collect::<Vec<_>>().join("|")
}

fn page_modifier(page: Page, situe: &LieuSitue, form: Formulaire) -> PageFormulaire {
    let mut champs: Vec<Champ> = LIGNES.into_iter().map(ligne).collect();
    champs.extend(ZONES.into_iter().map(zone));
    champs.push(cases::<Service>());
    champs.push(cases::<Public>());
    champs.push(cases::<PriseEnCharge>());
    champs.push(cases::<Frais>());
    champs.push(cases::<ModaliteAcces>());
    champs.push(cases::<ModaliteAccompagnement>());
    champs.push(cases::<Itinerance>());
    champs.push(Champ::cache("version", situe.version));
    let chemin = format!("{CHEMIN}/{}", situe.lieu.id);
    PageFormulaire::new(
        page,
        "Modifier la fiche d’un lieu",
        &format!("{chemin}/modifier"),
        "Voir ce qui change",
    )
    .intro("Rien n’est publié avant que vous ayez vérifié ce qui change.")
    .champs(champs)
    .form(form)
    .lien("Abandonner", &chemin)
}

fn ligne(nom: &'static str) -> Champ {
    let champ = match nom {
        "telephone" => Champ::telephone(nom, libelle(nom)),
        _ => Champ::ligne(nom, libelle(nom)),
    };
    match nom {
        "nom" | "adresse" | "code_postal" | "commune" => champ,
        "courriels" | "site_web" => champ.facultatif().aide("Séparez plusieurs adresses par une virgule"),
        _ => champ.facultatif(),
    }
}

fn zone(nom: &'static str) -> Champ {
    let champ = Champ::zone(nom, libelle(nom)).facultatif();
    match nom {
        "horaires" => champ.aide("En français, par exemple « lundi au vendredi 9h-12h », ou dans la grammaire d’OpenStreetMap, par exemple « Mo-Fr 09:00-12:00; PH off »"),
        "presentation_resume" => champ.aide("280 caractères au plus"),
        _ => champ,
    }
}

fn cases<L: ListeFermee>() -> Champ {
    let choix = L::toutes().map(|v| Choix::new(v.ecrire(), v.libelle()));
    Champ::cases(L::COLONNE, libelle(L::COLONNE), choix.collect())
}

/// `GET /espace/lieux/{lieu}/modifier`
pub async fn montrer_modifier(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
) -> Result<Response, Erreur> {
    let (situe, _) = charger(&mut app.db.read().await?, &actor, id).await?;
    // A record that was joined to another changes no more: its page says so, and leads to the place that is shown.
    if !situe.publie {
        return Ok(Redirect::to(&page.fixe(&format!("{CHEMIN}/{id}"))).into_response());
    }
    let form = rempli(&situe);
    page_modifier(page, &situe, form).reponse()
}

/// `POST /espace/lieux/{lieu}/modifier`: first what changes, then, once confirmed, the change.
pub async fn enregistrer(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let mut form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let (situe, permis) = charger(&mut tx, &actor, id).await?;
    let cadre = Cadre::de(&app, &permis);
    let aujourdhui = cadre.at.day_in("Europe/Paris");
    let saisies = saisies(&form);
    if form.valeur("version").parse() != Ok(situe.version) {
        tx.rollback().await?;
        return trop_tard(page, &situe, form, &saisies);
    }
    let vue = match modifier(&situe.lieu, &saisies, aujourdhui) {
        Err(refus) => {
            refuser_chacun(&mut form, refus);
            Some(page_modifier(page.clone(), &situe, form.clone()))
        }
        Ok(modification) => match form.valeur("suite") {
            "publier" => None,
            "reprendre" => Some(page_modifier(page.clone(), &situe, form.clone())),
            _ => Some(apercu(page.clone(), &situe, &modification, &form, aujourdhui)),
        },
    };
    if let Some(vue) = vue {
        tx.rollback().await?;
        return vue.reponse();
    }
    let fait = actions::modifier(&mut tx, cadre, &situe, &saisies, Origine::Gestion).await;
    if matches!(fait, Err(Erreur::Conflit)) {
        tx.rollback().await?;
        let (situe, _) = charger(&mut app.db.read().await?, &actor, id).await?;
        return trop_tard(page, &situe, form, &saisies);
    }
    match form.conclure(tx, fait, "nom").await? {
        Some(_) => Ok(Redirect::to(&page.fixe(&format!("{CHEMIN}/{id}"))).into_response()),
        None => page_modifier(page, &situe, form).reponse(),
    }
}

fn refuser_chacun(form: &mut Formulaire, refus: Vec<Refus>) {
    for un in refus {
        form.refuser(un.champ.as_deref().unwrap_or("nom"), un.message);
    }
}

/// What changes, and the typed values along, so that publishing needs no more than a button.
fn apercu(
    page: Page,
    situe: &LieuSitue,
    modification: &Modification,
    form: &Formulaire,
    aujourdhui: Date,
) -> PageFormulaire {
    let changements = differences(&situe.lieu, &modification.lieu);
    let mut faits: Vec<Description> = changements.iter().map(dire).collect();
    faits.extend(semaine(&page, modification, &changements, aujourdhui));
    let choix = vec![
        Choix::new("publier", "Publier ces changements"),
        Choix::new("reprendre", "Reprendre la modification"),
    ];
    let mut champs = vec![Champ::radios("suite", "Que faites-vous ?", choix)];
    let simples = LIGNES.into_iter().chain(ZONES);
    champs.extend(simples.map(|champ| Champ::cache(champ, form.valeur(champ))));
    for liste in LISTES {
        champs.extend(form.valeurs(liste).map(|valeur| Champ::cache(liste, valeur)));
    }
    champs.push(Champ::cache("version", situe.version));
    let chemin = format!("{CHEMIN}/{}/modifier", situe.lieu.id);
    let mut vue = PageFormulaire::new(page, "Ce qui change", &chemin, "Continuer")
        .faits(faits)
        .champs(champs)
        .form(Formulaire::vide().avec("suite", "publier"));
    if changements.is_empty() {
        vue = vue.intro("Rien ne change : la fiche dit déjà tout cela.");
    }
    vue
}

fn dire(changement: &Difference) -> Description {
    let [avant, apres] = [&changement.avant, &changement.apres].map(|cellule| lisible(cellule));
    let valeurs = vec![
        Valeur::texte(format!("Avant : {avant}")),
        Valeur::texte(format!("Après : {apres}")),
    ];
    Description::lignes(libelle(changement.champ).to_owned(), valeurs)
}

/// The new hours as the public will read them.
fn semaine(
    page: &Page,
    modification: &Modification,
    changements: &[Difference],
    aujourdhui: Date,
) -> Option<Description> {
    changements.iter().find(|c| c.champ == "horaires")?;
    let lieu = &modification.lieu;
    let lus = Horaires::parse(lieu.horaires.as_deref()?).ok()?;
    let commune = Referentiel::embarque().resoudre(lieu.adresse.code_insee?)?;
    let calendrier = CalendrierLocal::de(commune, aujourdhui.year());
    let lignes = semaine_type(&lus, &calendrier, aujourdhui, page);
    let valeurs = lignes.into_iter().map(Valeur::texte).collect();
    Some(Description::lignes("Horaires, tels qu’ils se liront", valeurs))
}

/// What the record says now beside what was typed, which is not kept.
fn trop_tard(
    page: Page,
    situe: &LieuSitue,
    form: Formulaire,
    saisies: &[(&'static str, String)],
) -> Result<Response, Erreur> {
    let message = Message::attention(
        "Cette fiche a changé pendant que vous la modifiiez",
        "Rien n’est enregistré. Comparez ce que dit maintenant la fiche à ce que vous avez écrit, puis continuez.",
    );
    let faits = saisies.iter().filter_map(|(champ, tape)| {
        let actuelle = valeur(&situe.lieu, champ);
        (actuelle != *tape).then(|| {
            let [fiche, vous] = [&actuelle, tape].map(|cellule| lisible(cellule));
            let valeurs = [format!("La fiche : {fiche}"), format!("Vous : {vous}")];
            Description::lignes(libelle(champ).to_owned(), valeurs.map(Valeur::texte).into())
        })
    });
    let faits = faits.collect();
    en_conflit(page_modifier(page, situe, form).message(message).faits(faits).reponse())
}

/// `POST /espace/lieux/{lieu}/defaire`
pub async fn defaire(
    State(app): State<App>,
    page: Page,
    actor: Actor,
    Path(id): Path<Uuid>,
    axum::Form(valeurs): Champs,
) -> Result<Response, Erreur> {
    let form = Formulaire::rempli(valeurs);
    let mut tx = app.db.write().await?;
    let (situe, permis) = charger(&mut tx, &actor, id).await?;
    let vue_a: Option<i64> = form.valeur("version").parse().ok();
    if vue_a != Some(situe.version) {
        let histoire = store::du_lieu(&mut tx, id, HISTOIRE).await?;
        tx.rollback().await?;
        let mut fiche = vue(page, &situe, &histoire);
        fiche.message = Some(Message::attention(
            "Rien n’a été défait",
            "La fiche a changé entre-temps, ou la page était trop ancienne. Voici où elle en est.",
        ));
        return en_conflit(fiche.reponse());
    }
    actions::defaire(&mut tx, Cadre::de(&app, &permis), &situe).await?;
    tx.commit().await?;
    Ok(Redirect::to(&page.fixe(&format!("{CHEMIN}/{id}"))).into_response())
}
