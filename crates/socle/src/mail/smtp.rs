//! SMTP: one mail at a time, step by step, so that what happened before and after the content was given is known.

use super::{Sender, message};
use crate::{
    letters::{Letter, Sending, Sink},
    module::BoxFuture,
};
use lettre::{
    address::Envelope,
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailBodyParameter, MailParameter},
    },
};
use std::{fmt, time::Duration};

/// How long a server has to be ready for the content, and then to take it.
const BUDGET: Duration = Duration::from_secs(60);

/// A server that takes mails.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether the connection is encrypted from its beginning (`smtps`); else it becomes so by STARTTLS, unless the server is this machine.
    pub tls: bool,
    /// The user and the password.
    pub login: Option<(String, String)>,
}

// The password must not reach a log.
impl fmt::Debug for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmtpServer({}:{})", self.host, self.port)
    }
}

impl SmtpServer {
    /// Reads `smtps://user:password@host:port` or `smtp://host:port`; the ports are 465 and 587 unless given.
    pub fn parse(text: &str) -> Option<Self> {
        let url = reqwest::Url::parse(text).ok()?;
        let tls = match url.scheme() {
            "smtps" => true,
            "smtp" => false,
            _ => return None,
        };
        let decode = |part: &str| {
            let text = percent_encoding::percent_decode_str(part).decode_utf8().ok()?;
            Some(text.into_owned())
        };
        let login = match (url.username(), url.password()) {
            ("", _) => None,
            (user, password) => Some((decode(user)?, decode(password.unwrap_or(""))?)),
        };
        let is_bare = matches!(url.path(), "" | "/") && url.query().is_none();
        Some(Self {
            host: url.host_str().filter(|host| is_bare && !host.is_empty())?.to_owned(),
            port: url.port().unwrap_or(if tls { 465 } else { 587 }),
            tls,
            login,
        })
    }

    fn is_local(&self) -> bool {
        self.host == "localhost" || self.host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
    }
}

/// The sink that gives mails to a server.
#[derive(Debug, Clone)]
pub struct Smtp {
    server: SmtpServer,
    sender: Sender,
    budget: Duration,
}

impl Smtp {
    /// A sink for this server, whose mails come from this sender.
    pub fn new(server: SmtpServer, sender: Sender) -> Self {
        Self {
            server,
            sender,
            budget: BUDGET,
        }
    }

    /// With another time budget for each of the two steps.
    pub fn within(self, budget: Duration) -> Self {
        Self { budget, ..self }
    }

    /// A connection that the server recognised, or the step that failed.
    async fn connect(&self) -> Result<AsyncSmtpConnection, (Step, Error)> {
        let server = &self.server;
        let hello = ClientId::default();
        let at = |step| move |error| (step, error);
        let tls = TlsParameters::new(server.host.clone()).map_err(at(Step::Connect))?;
        let first = server.tls.then(|| tls.clone());
        let address = (server.host.as_str(), server.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(address, Some(self.budget), &hello, first, None)
            .await
            .map_err(at(Step::Connect))?;
        if !server.tls && !server.is_local() {
            connection.starttls(tls, &hello).await.map_err(at(Step::Connect))?;
        }
        if let Some((user, password)) = &server.login {
            let credentials = Credentials::new(user.clone(), password.clone());
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], &credentials)
                .await
                .map_err(at(Step::Login))?;
        }
        Ok(connection)
    }

    /// Up to the server's word that it waits for the content, or the step that failed.
    async fn prepare(&self, envelope: &Envelope, is_ascii: bool) -> Result<AsyncSmtpConnection, (Step, Error)> {
        let at = |step| move |error| (step, error);
        let mut connection = self.connect().await?;
        let mut options = Vec::new();
        let addresses = envelope.to().iter().chain(envelope.from());
        if !addresses.map(AsRef::<str>::as_ref).all(str::is_ascii) {
            options.push(MailParameter::SmtpUtfEight);
        }
        if !is_ascii && connection.server_info().supports_feature(Extension::EightBitMime) {
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let sender = Mail::new(envelope.from().cloned(), options);
        connection.command(sender).await.map_err(at(Step::Sender))?;
        for to in envelope.to() {
            let recipient = Rcpt::new(to.clone(), Vec::new());
            connection.command(recipient).await.map_err(at(Step::Recipient))?;
        }
        connection.command(Data).await.map_err(at(Step::Data))?;
        Ok(connection)
    }

    async fn deliver(&self, message: &lettre::Message) -> Sending {
        let bytes = message.formatted();
        let prepared = self.prepare(message.envelope(), bytes.is_ascii());
        let mut connection = match tokio::time::timeout(self.budget, prepared).await {
            Ok(Ok(connection)) => connection,
            Ok(Err((step, error))) => return before_content(step, &error),
            Err(_) => return Sending::Later("le serveur de courriel ne répond pas à temps".to_owned()),
        };
        let taken = tokio::time::timeout(self.budget, connection.message(&bytes)).await;
        let sending = match taken {
            Ok(Ok(_)) => Sending::Sent,
            Ok(Err(error)) => after_content(&error),
            Err(_) => Sending::Unknown("le serveur de courriel n’a pas accusé réception à temps".to_owned()),
        };
        // The mail is settled: a server that does not say goodbye changes nothing.
        let _ = tokio::time::timeout(Duration::from_secs(2), connection.abort()).await;
        sending
    }
}

/// The server's words may repeat the address: only its code is kept.
fn code(error: &Error) -> String {
    error.status().map_or_else(String::new, |code| format!(" ({code})"))
}

/// How far a conversation with a server went before it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Reaching it, greeting it, encrypting the connection.
    Connect,
    /// Saying who we are.
    Login,
    /// Naming the sender.
    Sender,
    /// Naming the recipient.
    Recipient,
    /// Asking it to take the content.
    Data,
}

/// Whether a server refused for a reason of policy (RFC 3463, `5.7`, which some say in words alone): who we are, where we call from; not who
/// receives.
fn is_policy(error: &Error) -> bool {
    std::error::Error::source(error).is_some_and(|said| {
        let said = said.to_string().to_lowercase();
        said.starts_with("5.7.") || said.contains("relay")
    })
}

/// Nothing was given yet: only the refusal of the recipient is final. Any other is the operator's to mend, and the mail comes back later.
fn before_content(step: Step, error: &Error) -> Sending {
    // 530 and its neighbours ask who we are, at whatever step.
    let is_login = error
        .status()
        .is_some_and(|code| ["530", "534", "535", "538"].contains(&code.to_string().as_str()));
    let why = match step {
        _ if is_login => "le serveur de courriel refuse notre identification",
        Step::Recipient if error.is_permanent() && !is_policy(error) => {
            return Sending::Refused(format!(
                "le serveur de courriel a refusé le destinataire{}",
                code(error)
            ));
        }
        _ if error.is_transient() => "le serveur de courriel demande d’attendre",
        Step::Login if error.is_permanent() => "le serveur de courriel refuse notre identification",
        Step::Sender if error.is_permanent() => "le serveur de courriel refuse notre adresse d’expéditeur",
        _ if error.is_permanent() => "le serveur de courriel refuse nos envois",
        _ if error.is_tls() => "la connexion au serveur de courriel n’a pas pu être chiffrée",
        _ if error.is_client() => "le serveur de courriel n’offre pas ce que l’envoi demande",
        _ => "le serveur de courriel ne répond pas",
    };
    Sending::Later(format!("{why}{}", code(error)))
}

/// The content was given: only an answer of the server says that it did not take it.
fn after_content(error: &Error) -> Sending {
    if error.is_permanent() {
        Sending::Stuck(format!("le serveur de courriel a refusé le message{}", code(error)))
    } else if error.is_transient() {
        Sending::Later(format!("le serveur de courriel demande d’attendre{}", code(error)))
    } else {
        Sending::Unknown("la connexion s’est rompue avant l’accusé de réception du serveur de courriel".to_owned())
    }
}

impl Sink for Smtp {
    fn is_idempotent(&self) -> bool {
        false
    }

    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Sending> {
        Box::pin(async move {
            match message(letter, &self.sender) {
                Ok(message) => self.deliver(&message).await,
                Err(why) => Sending::Refused(why),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_serveur_de_courriel_se_lit_dans_une_adresse() {
        let server = |text| SmtpServer::parse(text).map(|s| (s.host, s.port, s.tls, s.login));
        let login = Some(("a@b.fr".to_owned(), "p:w".to_owned()));
        assert_eq!(
            server("smtps://a%40b.fr:p%3Aw@smtp.exemple.fr"),
            Some(("smtp.exemple.fr".into(), 465, true, login))
        );
        assert_eq!(
            server("smtp://127.0.0.1:1025"),
            Some(("127.0.0.1".into(), 1025, false, None))
        );
        for wrong in [
            "smtp.exemple.fr",
            "http://exemple.fr",
            "smtp://",
            "smtps://exemple.fr/boite",
        ] {
            assert_eq!(server(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn le_mot_de_passe_ne_s_ecrit_pas_dans_un_journal() {
        let server = SmtpServer::parse("smtps://moi:secret@smtp.exemple.fr").unwrap();
        assert_eq!(format!("{server:?}"), "SmtpServer(smtp.exemple.fr:465)");
    }
}
