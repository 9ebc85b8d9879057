package io.holdfast.endpoint;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Who asks, as Kubernetes reads a client certificate: the CN is the user, each O is a group. */
record Client(String user, List<String> groups) {

    Client {
        groups = List.copyOf(groups);
    }

    /** @throws IllegalArgumentException it names nobody */
    static Client of(X509Certificate certificate) {
        List<String> users = values(certificate, "CN");
        if (users.isEmpty()) {
            throw new IllegalArgumentException("the client certificate has no common name (CN)");
        }
        return new Client(users.getLast(), values(certificate, "O"));
    }

    private static List<String> values(X509Certificate certificate, String type) {
        List<String> values = new ArrayList<>();
        try {
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                Attribute found = part.toAttributes().get(type);
                if (found != null) {
                    for (NamingEnumeration<?> all = found.getAll(); all.hasMore();) {
                        values.add(String.valueOf(all.next()));
                    }
                }
            }
        } catch (NamingException e) {
            throw new IllegalArgumentException("the subject of the client certificate cannot be read", e);
        }
        return values;
    }
}
