//! Lists of hosts in, files for a web proxy and a name server out.
//!
//! `squid.conf` is a part of Squid's configuration (`acl … dstdomain`, <https://www.squid-cache.org/Doc/config/acl/>);
//! `<name>.rpz` is a response policy zone (draft-vixie-dnsop-dns-rpz), which BIND, Unbound and others read. A host stands
//! for its sub-domains; what is allowed wins. A host that another one of its list covers is left out, because Squid refuses
//! such a list, and a blocked host that an allowed one covers, because in a zone the longer name would win.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::Artifact;

/// The folder, beside those of the roles.
pub const FOLDER: &str = "gateway/";

/// The files of one list, by name; none when nothing is left to block.
pub fn render(name: &str, purpose: &str, block: &[String], allow: &[String]) -> Vec<Artifact> {
    let allow = widest(allow);
    let block: BTreeSet<String> = widest(block).into_iter().filter(|host| !covered(host, &allow, true)).collect();
    if block.is_empty() {
        return Vec::new();
    }
    let path = |file: &str| format!("{FOLDER}{name}/{file}");
    vec![
        Artifact::data(path("squid.conf"), squid(name, purpose, &block, &allow)),
        Artifact::data(path(&format!("{name}.rpz")), zone(name, purpose, &block, &allow)),
    ]
}

/// The hosts that no other one of the list covers.
fn widest(hosts: &[String]) -> BTreeSet<String> {
    let all: BTreeSet<String> = hosts.iter().map(|host| host.to_lowercase()).collect();
    all.iter().filter(|host| !covered(host, &all, false)).cloned().collect()
}

/// Whether a domain above the host (or the host itself, with `same`) is in the list.
fn covered(host: &str, list: &BTreeSet<String>, same: bool) -> bool {
    let above = host.match_indices('.').any(|(dot, _)| list.contains(&host[dot + 1..]));
    above || (same && list.contains(host))
}

fn squid(name: &str, purpose: &str, block: &BTreeSet<String>, allow: &BTreeSet<String>) -> String {
    let acl = format!("groundplan_{}", name.replace('-', "_"));
    let mut text = format!(
        "# {purpose}\n# Include this file in squid.conf before the first rule that allows access.\n\
         # With encrypted pages the proxy sees the name of the host and not the page.\n"
    );
    for (kind, hosts) in [("allowed", allow), ("blocked", block)] {
        for host in hosts {
            writeln!(text, "acl {acl}_{kind} dstdomain .{host}").expect("writing to a String cannot fail");
        }
    }
    let exempt = if allow.is_empty() { String::new() } else { format!(" !{acl}_allowed") };
    writeln!(text, "http_access deny {acl}_blocked{exempt}").expect("writing to a String cannot fail");
    text
}

fn zone(name: &str, purpose: &str, block: &BTreeSet<String>, allow: &BTreeSet<String>) -> String {
    let mut text = format!(
        "; {purpose}\n; Zone {name}.rpz: name it under `response-policy` of the name server. Raise the serial number where\n\
         ; other servers copy the zone.\n$TTL 300\n@ IN SOA localhost. hostmaster.localhost. ( 1 3600 600 86400 300 )\n\
         @ IN NS localhost.\n"
    );
    for (hosts, answer) in [(allow, "rpz-passthru."), (block, ".")] {
        for host in hosts {
            writeln!(text, "{host} IN CNAME {answer}\n*.{host} IN CNAME {answer}").expect("writing to a String cannot fail");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(block: &[&str], allow: &[&str]) -> Vec<String> {
        let owned = |hosts: &[&str]| hosts.iter().map(|host| (*host).to_owned()).collect::<Vec<_>>();
        render("x", "Purpose.", &owned(block), &owned(allow))
            .into_iter()
            .map(|artifact| String::from_utf8(artifact.bytes).unwrap())
            .collect()
    }

    #[test]
    fn a_host_that_another_one_covers_is_left_out() {
        let [squid, zone] = files(&["mail.example", "a.mail.example", "MAIL.example"], &[]).try_into().unwrap();
        assert_eq!(squid.matches("acl ").count(), 1);
        assert!(squid.ends_with("acl groundplan_x_blocked dstdomain .mail.example\nhttp_access deny groundplan_x_blocked\n"));
        assert_eq!(zone.matches("CNAME").count(), 2);
    }

    #[test]
    fn an_own_host_is_never_blocked_and_one_below_a_blocked_name_passes() {
        let [squid, zone] =
            files(&["own.example", "big.example", "x.own.example"], &["own.example", "we.big.example"]).try_into().unwrap();
        assert!(!squid.contains("_blocked dstdomain .own.example") && !squid.contains("x.own.example"), "{squid}");
        assert!(!zone.contains("own.example IN CNAME .\n"), "{zone}");
        assert!(squid.ends_with("http_access deny groundplan_x_blocked !groundplan_x_allowed\n"));
        assert!(zone.contains("*.we.big.example IN CNAME rpz-passthru.\n"), "{zone}");
        assert!(zone.ends_with("big.example IN CNAME .\n*.big.example IN CNAME .\n"), "{zone}");
    }

    #[test]
    fn nothing_to_block_gives_no_file() {
        assert!(files(&["own.example"], &["own.example"]).is_empty());
    }
}
