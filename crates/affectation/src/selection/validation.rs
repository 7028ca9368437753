//! What an instance must respect before anybody tries to solve it.

use super::{
    lecture::{Endroit, Faute},
    modele::Instance,
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Posts asked in a département, in all and by rural structures.
#[derive(Default)]
struct Demande {
    tous: u64,
    ruraux: u64,
}

/// Every fault of an instance; the totals are looked at when each row is right.
pub(super) fn valider(instance: &Instance) -> Vec<Faute> {
    let mut fautes = Vec::new();
    doublons("structures", instance.structures.iter().map(|s| s.id), &mut fautes);
    doublons("communes", instance.communes.iter().map(|c| c.id), &mut fautes);
    doublons("departments", instance.departments.iter().map(|d| d.id), &mut fautes);
    rangees(instance, &mut fautes);
    if fautes.is_empty() {
        totaux(instance, &mut fautes);
    }
    fautes
}

fn faute(table: &'static str, (i, id): (usize, u64), champ: &'static str, message: String) -> Faute {
    let endroit = Endroit {
        table,
        rang: i + 1,
        id: Some(id),
        champ,
    };
    Faute { endroit, message }
}

fn doublons(table: &'static str, ids: impl Iterator<Item = u64>, fautes: &mut Vec<Faute>) {
    let mut vus = HashMap::new();
    for (i, id) in ids.enumerate() {
        if let Some(premier) = vus.get(&id) {
            let message = format!("l’identifiant {id} est déjà celui du rang {premier}");
            fautes.push(faute(table, (i, id), "id", message));
        } else {
            vus.insert(id, i + 1);
        }
    }
}

fn rangees(instance: &Instance, fautes: &mut Vec<Faute>) {
    let departements: HashSet<u64> = instance.departments.iter().map(|d| d.id).collect();
    let structures: HashSet<u64> = instance.structures.iter().map(|s| s.id).collect();
    let inconnu = |dep: u64| format!("le département {dep} n’est pas dans la table departments");
    for (i, d) in instance.departments.iter().enumerate() {
        if d.min > d.max {
            let message = format!("le plancher ({}) dépasse le plafond ({})", d.min, d.max);
            fautes.push(faute("departments", (i, d.id), "min", message));
        }
    }
    for (i, s) in instance.structures.iter().enumerate() {
        if !departements.contains(&s.dep) {
            fautes.push(faute("structures", (i, s.id), "dep", inconnu(s.dep)));
        }
        if s.min_grant > s.ask {
            let message = format!("l’octroi minimal ({}) dépasse la demande ({})", s.min_grant, s.ask);
            fautes.push(faute("structures", (i, s.id), "min_grant", message));
        }
    }
    for (i, c) in instance.communes.iter().enumerate() {
        if !departements.contains(&c.dep) {
            fautes.push(faute("communes", (i, c.id), "dep", inconnu(c.dep)));
        }
        for s in c.cover.iter().filter(|s| !structures.contains(s)) {
            let message = format!("la structure {s} n’est pas dans la table structures");
            fautes.push(faute("communes", (i, c.id), "cover", message));
        }
    }
}

fn totaux(instance: &Instance, fautes: &mut Vec<Faute>) {
    let mut demandes: BTreeMap<u64, Demande> = BTreeMap::new();
    for s in &instance.structures {
        let demande = demandes.entry(s.dep).or_default();
        demande.tous += u64::from(s.ask);
        demande.ruraux += if s.rural { u64::from(s.ask) } else { 0 };
    }
    let aucune = Demande::default();
    let (mut planchers, mut plafonds, mut ruraux) = (0, 0, 0);
    for (i, d) in instance.departments.iter().enumerate() {
        let demande = demandes.get(&d.id).unwrap_or(&aucune);
        if u64::from(d.min) > demande.tous {
            let message = format!(
                "le plancher ({}) dépasse ce que demandent les structures du département ({})",
                d.min, demande.tous
            );
            fautes.push(faute("departments", (i, d.id), "min", message));
        }
        planchers += u64::from(d.min);
        plafonds += demande.tous.min(u64::from(d.max));
        ruraux += demande.ruraux.min(u64::from(d.max));
    }
    let posts = u64::from(instance.posts);
    let mut trop = |champ, message| {
        let endroit = Endroit {
            champ,
            ..Endroit::default()
        };
        fautes.push(Faute { endroit, message });
    };
    if planchers > posts {
        trop(
            "posts",
            format!("les planchers des départements demandent {planchers} postes, il y en a {posts}"),
        );
    }
    if plafonds < posts {
        trop(
            "posts",
            format!("les demandes et les plafonds n’admettent que {plafonds} postes, il faut en donner {posts}"),
        );
    }
    let plancher_rural = u64::from(instance.plancher_rural());
    if ruraux < plancher_rural {
        let message =
            format!("la part rurale veut {plancher_rural} postes, les structures rurales n’en admettent que {ruraux}");
        trop("rural_min_share", message);
    }
}
