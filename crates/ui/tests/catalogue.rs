//! The catalogue renders in every language, light and dark, complete and text.

use askama::Template;
use ui::{catalogue::Catalogue, langue::Langue, page::Page};

#[test]
fn le_catalogue_se_dessine_dans_toutes_les_langues_et_les_deux_versions() {
    for langue in Langue::TOUTES {
        for allege in [false, true] {
            let mut page = Page::new("/base", &format!("{}/_composants", langue.prefixe()));
            page.allege = allege;
            let html = Catalogue::new(page).render().unwrap();
            assert!(html.contains(&format!("lang=\"{}\" dir=\"{}\"", langue.code(), langue.direction())));
            assert!(!html.contains("{{") && !html.contains("{%"));
            assert_eq!(html.contains("<script"), !allege);
            assert_eq!(html.contains("<svg"), !allege);
            ids_uniques(&html);
        }
    }
}

/// Ids are unique, and whatever refers to one finds it.
fn ids_uniques(html: &str) {
    let attribut = |nom: &str| {
        let motif = regex::Regex::new(&format!(" {nom}=\"([^\"]*)\"")).expect("the pattern is well formed");
        motif.captures_iter(html).map(|c| c[1].to_owned()).collect::<Vec<_>>()
    };
    let ids = attribut("id");
    let mut uniques = ids.clone();
    uniques.sort();
    uniques.dedup();
    assert_eq!(uniques.len(), ids.len(), "two elements have the same id");
    for nom in ["for", "aria-describedby", "aria-labelledby"] {
        for reference in attribut(nom).iter().flat_map(|v| v.split(' ')) {
            assert!(ids.iter().any(|id| id == reference), "{nom}={reference} names nobody");
        }
    }
    for ancre in attribut("href").iter().filter_map(|h| h.strip_prefix('#')) {
        assert!(ids.iter().any(|id| id == ancre), "#{ancre} leads nowhere");
    }
}
