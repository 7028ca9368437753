//! A place in the words of schema.org, for search engines.

use crate::domain::{lieu::Lieu, listes::Frais};
use horaires::{JourOuvert, Nature, Plage};
use serde_json::{Map, Value, json};
use ui::page::Page;

/// The JSON-LD of a place, safe inside a `script` element.
pub fn decrire(lieu: &Lieu, jours: &[JourOuvert], page: &Page) -> String {
    let url = page.absolue(&page.url(&format!("/lieux/{}", lieu.id)));
    let mut objet = Map::new();
    let mut poser = |cle: &str, valeur: Value| objet.insert(cle.to_owned(), valeur);
    poser("@context", "https://schema.org".into());
    poser("@type", "LocalBusiness".into());
    poser("@id", url.as_str().into());
    poser("url", url.as_str().into());
    poser("name", lieu.nom.as_str().into());
    if let Some(resume) = &lieu.presentation.resume {
        poser("description", resume.as_str().into());
    }
    poser("address", adresse(lieu));
    if let Some(position) = lieu.position {
        let (latitude, longitude) = (position.point.latitude, position.point.longitude);
        poser(
            "geo",
            json!({"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}),
        );
    }
    if let Some(telephone) = &lieu.contact.telephone {
        poser("telephone", telephone.as_str().into());
    }
    if let Some(courriel) = lieu.contact.courriels.first() {
        poser("email", courriel.as_str().into());
    }
    let sites: Vec<&str> = lieu.contact.sites_web.iter().map(|s| s.as_str()).collect();
    if !sites.is_empty() {
        poser("sameAs", sites.into());
    }
    if lieu.frais.as_slice() == [Frais::Gratuit] {
        poser("isAccessibleForFree", true.into());
    }
    let ouvertures: Vec<Value> = jours
        .iter()
        .flat_map(|jour| jour.plages.iter().filter_map(|p| ouverture(jour, p)))
        .collect();
    if !ouvertures.is_empty() {
        poser("openingHoursSpecification", ouvertures.into());
    }
    // A closing tag inside a text would end the element that holds it.
    Value::Object(objet).to_string().replace('<', "\\u003c")
}

fn adresse(lieu: &Lieu) -> Value {
    let a = &lieu.adresse;
    json!({
        "@type": "PostalAddress",
        "streetAddress": a.voie,
        "postalCode": a.code_postal,
        "addressLocality": a.commune,
        "addressCountry": "FR",
    })
}

/// The certain hours of one day; the dates tell which, so that holidays are right.
fn ouverture(jour: &JourOuvert, plage: &Plage) -> Option<Value> {
    let date = jour.date.to_string();
    let heure = |minutes: u16| format!("{:02}:{:02}", (minutes / 60) % 24, minutes % 60);
    (plage.nature == Nature::Ouvert).then(|| {
        json!({
            "@type": "OpeningHoursSpecification",
            "opens": heure(plage.debut.minutes_depuis_minuit()),
            "closes": heure(plage.fin.minutes_depuis_minuit()),
            "validFrom": date,
            "validThrough": date,
        })
    })
}
