//! Which addresses may be called: public ones over https, so that nobody makes the server call what only it can reach.

use crate::{Settings, errors::Refus};
use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// What the operator allows beyond public https.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// This machine, without encryption: the demonstration and tests.
    pub loopback: bool,
    /// Private networks.
    pub private: bool,
}

impl Allowed {
    /// What these settings allow.
    pub fn of(settings: &Settings) -> Self {
        Self {
            loopback: settings.demo,
            private: settings.webhook_private,
        }
    }

    /// The address of a webhook, read and checked; the names that it holds are checked again each time they are resolved.
    ///
    /// # Errors
    /// What is wrong with it, at the field `url`.
    pub fn url(self, text: &str) -> Result<Url, Refus> {
        let refuse = |why: &str| Err(Refus::champ("url", why));
        let Ok(url) = Url::parse(text) else {
            return refuse("l’adresse ne se lit pas : elle commence par https://");
        };
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("l’adresse ne doit contenir ni identifiant ni mot de passe");
        }
        let is_loopback = is_loopback(&url);
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback && self.loopback) {
            return refuse("l’adresse doit commencer par https://");
        }
        let is_refused = match ip(&url) {
            Some(ip) => !self.reaches(ip),
            None => is_loopback && !self.loopback && !self.private,
        };
        if is_refused {
            return refuse("l’adresse doit être joignable depuis Internet");
        }
        Ok(url)
    }

    /// Whether this address may be called.
    pub fn reaches(self, ip: IpAddr) -> bool {
        is_public(ip) || self.private || (self.loopback && ip.to_canonical().is_loopback())
    }
}

/// A resolver that forgets the addresses that may not be called: a public name may lead to a private network, or change after it was checked.
impl Resolve for Allowed {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = *self;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let kept: Vec<SocketAddr> = found.filter(|address| allowed.reaches(address.ip())).collect();
            if kept.is_empty() {
                return Err("no address that may be called".into());
            }
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

fn ip(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or("");
    let name = host.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost") || ip(url).is_some_and(|ip| ip.to_canonical().is_loopback())
}

/// Whether an address belongs to the public Internet (IANA's special-purpose registries).
fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_protocol = (a, b, c) == (192, 0, 0) || (a, b, c) == (192, 88, 99);
    let is_bench = a == 198 && (18..20).contains(&b);
    !(a == 0
        || a >= 224
        || is_shared
        || is_protocol
        || is_bench
        || ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_documentation())
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    // Only 2000::/3 is given out; within it, what carries an IPv4 address is judged by it, and the rest of 2001::/23 and the documentation are not public.
    let is_global = s[0] & 0xe000 == 0x2000;
    let is_special = (s[0] == 0x2001 && (s[1] < 0x0200 || s[1] == 0x0db8)) || (s[0] == 0x3fff && s[1] < 0x1000);
    let is_6to4 = s[0] == 0x2002;
    if is_6to4 {
        let [a, b] = s[1].to_be_bytes();
        let [c, d] = s[2].to_be_bytes();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    is_global && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC_ONLY: Allowed = Allowed {
        loopback: false,
        private: false,
    };

    #[test]
    fn seules_les_adresses_publiques_sont_appelees() {
        let public = [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.0.1",
            "172.32.0.1",
            "2a00:1450::1",
            "2002:0101:0101::1",
        ];
        let special = [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:0a00:0001::1",
            "3fff::1",
        ];
        for ip in public {
            assert!(PUBLIC_ONLY.reaches(ip.parse().unwrap()), "{ip}");
        }
        for ip in special {
            assert!(!PUBLIC_ONLY.reaches(ip.parse().unwrap()), "{ip}");
        }
    }

    #[tokio::test]
    async fn un_nom_qui_mene_a_cette_machine_ne_se_resout_que_si_elle_est_permise() {
        let found = async |allowed: Allowed| allowed.resolve("localhost".parse().unwrap()).await.is_ok();
        assert!(!found(PUBLIC_ONLY).await);
        let demo = Allowed {
            loopback: true,
            private: false,
        };
        assert!(found(demo).await);
    }

    #[test]
    fn une_adresse_de_rappel_est_en_https_et_joignable_de_partout() {
        let demo = Allowed {
            loopback: true,
            private: false,
        };
        let private = Allowed {
            loopback: false,
            private: true,
        };
        // Each address with what it is worth: for the public, in the demonstration, where private networks are allowed.
        let cases = [
            ("https://exemple.fr/rappel", [true, true, true]),
            ("http://exemple.fr/rappel", [false, false, false]),
            ("https://moi:secret@exemple.fr/", [false, false, false]),
            ("https://10.0.0.1/", [false, false, true]),
            ("https://[::ffff:10.0.0.1]/", [false, false, true]),
            ("https://169.254.169.254/latest", [false, false, true]),
            ("https://0x7f.1/", [false, true, true]),
            ("https://2130706433/", [false, true, true]),
            ("https://localhost/", [false, true, true]),
            ("https://app.localhost./", [false, true, true]),
            ("http://localhost:3000/", [false, true, false]),
            ("http://127.0.0.1:3000/", [false, true, false]),
            ("http://[::1]:3000/", [false, true, false]),
            ("ftp://exemple.fr/", [false, false, false]),
            ("exemple.fr", [false, false, false]),
        ];
        for (text, expected) in cases {
            let found = [PUBLIC_ONLY, demo, private].map(|allowed| allowed.url(text).is_ok());
            assert_eq!(found, expected, "{text}");
        }
    }
}
