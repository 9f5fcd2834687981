// Default preferences that a policy cannot carry. Belongs into defaults/pref/ of the program.
pref("breakpad.reportURL", "", locked);
pref("devtools.debugger.remote-enabled", false, locked);
pref("rss.show.content-base", 1, locked);
pref("rss.show.summary", 1, locked);
pref("security.OCSP.enabled", 1, locked);
pref("security.mixed_content.block_display_content", true, locked);
pref("security.pki.crlite_mode", 2, locked);
pref("security.ssl.treat_unsafe_negotiation_as_broken", true, locked);
pref("security.tls.enable_0rtt_data", false, locked);
pref("toolkit.telemetry.enabled", false, locked);
pref("toolkit.telemetry.server", "data:,", locked);
pref("toolkit.telemetry.unified", false, locked);
pref("webgl.disabled", true, locked);
