//! What a row may change, given where who imports may act.

use socle::permissions::Scope;
use territoire::CodeCommune;

use super::interpretation::Motif;
use crate::domain::situe::codes_de_territoire;

/// What the code of an organisation begins with; a place keeps its organisations wherever it moves.
const ORGANISATION: &str = "O:";
/// What the code of a group begins with; its members stand beside it in a scope.
const GROUPEMENT: &str = "G:";

/// Why a row is out of reach. `actuels` are the codes of the scope in which its place lies, none for a new place; `commune` is where the
/// row puts it.
pub(super) fn refus_de_portee(
    portee: &Scope,
    actuels: Option<&[String]>,
    commune: Option<CodeCommune>,
) -> Option<Motif> {
    let Scope::Within(tenus) = portee else { return None };
    let tient = |code: &String| tenus.contains(code);
    let d_une_structure = |code: &String| code.starts_with(ORGANISATION);
    let d_un_groupement = |code: &String| code.starts_with(GROUPEMENT);
    let hors = if tenus
        .iter()
        .any(|code| !d_une_structure(code) && !d_un_groupement(code))
    {
        Motif::HorsPerimetre
    } else if actuels.is_none() {
        Motif::PasSurLaCarte
    } else if tenus.iter().any(d_un_groupement) {
        Motif::NonGereParLeReseau
    } else {
        Motif::NonGere
    };
    if let Some(actuels) = actuels {
        let mut siens = actuels.iter().filter(|code| tient(code)).peekable();
        if siens.peek().is_none() {
            return Some(hors);
        }
        if siens.any(d_une_structure) {
            return None;
        }
    }
    let arrive = commune.map(codes_de_territoire).unwrap_or_default().iter().any(tient);
    (!arrive).then_some(hors)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOURG: &str = "01053";
    const LYON: &str = "69123";

    fn refus(portee: &[&str], actuels: Option<&[&str]>, commune: Option<&str>) -> Option<Motif> {
        let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
        let portee = match portee {
            ["N"] => Scope::Everything,
            autres => Scope::Within(codes(autres)),
        };
        let actuels = actuels.map(codes);
        refus_de_portee(&portee, actuels.as_deref(), commune.map(|code| code.parse().unwrap()))
    }

    #[test]
    fn une_ligne_ne_touche_que_ce_qui_est_et_reste_dans_le_perimetre() {
        const HORS: Option<Motif> = Some(Motif::HorsPerimetre);
        type Cas = (
            &'static str,
            &'static [&'static str],
            Option<&'static [&'static str]>,
            Option<&'static str>,
            Option<Motif>,
        );
        let cas: &[Cas] = &[
            ("partout, même sans commune", &["N"], None, None, None),
            ("partout, un lieu d’ailleurs", &["N"], Some(&[]), Some(LYON), None),
            ("nouveau chez soi", &["D:01"], None, Some(BOURG), None),
            ("nouveau dans sa région", &["R:84"], None, Some(LYON), None),
            ("nouveau ailleurs", &["D:01"], None, Some(LYON), HORS),
            ("nouveau nulle part", &["D:01"], None, None, HORS),
            ("connu chez soi", &["D:01"], Some(&["D:01"]), Some(BOURG), None),
            (
                "connu ailleurs, que la ligne amène",
                &["D:01"],
                Some(&[]),
                Some(BOURG),
                HORS,
            ),
            (
                "connu chez soi, que la ligne emmène",
                &["D:01"],
                Some(&["D:01"]),
                Some(LYON),
                HORS,
            ),
            (
                "un membre du groupement",
                &["D:01", "D:69"],
                Some(&["D:01"]),
                Some(LYON),
                None,
            ),
            (
                "tenu par sa structure, où qu’il aille",
                &["O:a"],
                Some(&["O:a"]),
                Some(LYON),
                None,
            ),
            (
                "nouveau pour une structure",
                &["O:a"],
                None,
                Some(BOURG),
                Some(Motif::PasSurLaCarte),
            ),
            (
                "tenu par une structure du réseau",
                &["G:r", "O:a", "O:b"],
                Some(&["O:b"]),
                Some(LYON),
                None,
            ),
            (
                "nouveau pour un réseau",
                &["G:r", "O:a"],
                None,
                Some(BOURG),
                Some(Motif::PasSurLaCarte),
            ),
            (
                "tenu par une structure d’un autre réseau",
                &["G:r", "O:a"],
                Some(&[]),
                Some(BOURG),
                Some(Motif::NonGereParLeReseau),
            ),
            (
                "tenu par une autre structure",
                &["O:a"],
                Some(&[]),
                Some(BOURG),
                Some(Motif::NonGere),
            ),
        ];
        for (nom, portee, actuels, commune, attendu) in cas {
            assert_eq!(refus(portee, *actuels, *commune), *attendu, "{nom}");
        }
    }
}
