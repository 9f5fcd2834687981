// Default preferences that a policy cannot carry. Belongs into defaults/pref/ of the program.
pref("ldap_2.autoComplete.directoryServer", "ldap_2.servers.groundplan");
pref("ldap_2.autoComplete.useDirectory", true);
pref("ldap_2.servers.groundplan.auth.saslmech", "GSSAPI", locked);
pref("ldap_2.servers.groundplan.description", "Stadtwerke Lindenau");
pref("ldap_2.servers.groundplan.dirType", 0, locked);
pref("ldap_2.servers.groundplan.maxHits", 100);
pref("ldap_2.servers.groundplan.uri", "ldaps://directory.stadtwerke-lindenau.example/??sub?(objectclass=*)", locked);
pref("purple.conversations.im.send_read", false, locked);
pref("purple.logging.log_chats", false, locked);
pref("purple.logging.log_ims", false, locked);
