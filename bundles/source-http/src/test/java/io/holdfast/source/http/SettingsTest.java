package io.holdfast.source.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {

    private static final String SECRET = "s3cr3t";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            url         | ""                  | 'url' must be one or several http or https URLs, separated by white space
            url         | ftp://x/y           | 'url' number 1 of 1 must be an http or https URL, such as https://example.org/pods.yaml
            url         | http://a/b /c       | 'url' number 2 of 2 must be an http or https URL, such as https://example.org/pods.yaml
            url         | http://a/b?x=<y>    | 'url' number 1 of 1 is not a URL: illegal character in query at character 14
            url         | http://a/b http://a/b | 'url' names http://a/b twice
            period      | 0                   | 'period' must be seconds, 1 or more
            timeout     | -1                  | 'timeout' must be seconds, 1 or more
            long.poll   | -1                  | 'long.poll' must be seconds, 0 or more
            client.cert | /c                  | 'client.key' must be set as client.cert is
            client.key  | /k                  | 'client.cert' must be set as client.key is
            signature.header | X-Signature    | 'verify.key' must be set as signature.header is
            header.Host | example.org         | 'header.Host' must be a header that may be set, in plain characters
            header.     | x                   | 'header.' must be a header that may be set, in plain characters
            header.Prefer | wait=1            | 'header.Prefer' must be left out: the source sets that itself
            """)
    void a_value_that_cannot_be_meant_is_refused_with_what_was_expected(String key, String value, String message) {
        Object typed = value.matches("-?[0-9]+") ? Integer.valueOf(value) : value;
        assertThatThrownBy(() -> Site.source(key.equals("url") ? Map.of(key, typed)
                : Map.of("url", "http://localhost/", key, typed)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("io.holdfast.source.http~fleet: " + message);
    }

    @Test
    void a_misspelt_key_is_refused_with_the_nearest_known_one() {
        assertThatThrownBy(() -> Site.source(Map.of("url", "http://localhost/", "perod", 20)))
                .hasMessage("io.holdfast.source.http~fleet: cannot read 'perod'; did you mean 'period'?");
    }

    @Test
    void two_ways_to_authorize_are_one_too_many() {
        assertThatThrownBy(() -> Site.source(
                Map.of("url", "http://localhost/", "token.file", "/t", "header.authorization", SECRET)))
                .hasMessageContaining("'token.file' must be left out when header.Authorization is set")
                .hasMessageNotContaining(SECRET);
    }

    @ParameterizedTest // H6
    @ValueSource(strings = {"http://user:s3cr3t@host/pods", "http://s3cr3t@host/pods", "http://u:s3cr3t@h@host/pods",
            "http://host/pods?<s3cr3t>", "http://ho st/?s3cr3t", "https:///pods?s3cr3t", "http://host/%zz?s3cr3t"})
    void no_secret_of_a_url_is_in_a_message(String url) {
        assertThatThrownBy(() -> Site.source(Map.of("url", url))).hasMessageNotContaining(SECRET)
                .hasMessageContaining("io.holdfast.source.http~fleet: 'url' ").hasNoCause();
    }

    @Test // H6
    void no_value_of_a_header_is_in_a_message() {
        assertThatThrownBy(() -> Site.source(Map.of("url", "http://localhost/", "header.X", SECRET + "\n")))
                .hasMessageNotContaining(SECRET).hasNoCause();
    }

    @Test
    void a_user_and_a_password_belong_into_a_header() {
        assertThatThrownBy(() -> Site.source(Map.of("url", "http://user:password@host/pods")))
                .hasMessageContaining("put them into header.Authorization (Basic and the base64 of USER:PASSWORD)");
    }

    @Test
    void origins_are_urls_without_their_queries_and_differ() {
        List<Target> targets = Target.all(List.of("https://a:8443/x?key=1", "https://a:8443/x?key=2", "http://a/%20y#z"));
        assertThat(targets).extracting(Target::origin)
                .containsExactly("https://a:8443/x", "https://a:8443/x#2", "http://a/%20y");
    }

    @ParameterizedTest
    @CsvSource({"https://a/x.yaml,https://a/x.yaml.sig", "https://a:1/x?b=%20c,https://a:1/x.sig?b=%20c", "http://a,http://a/.sig"})
    void a_signature_is_beside_what_it_signs(String url, String signature) {
        assertThat(Target.all(List.of(url)).getFirst().signature()).hasToString(signature);
    }

    @ParameterizedTest
    @CsvSource({"http://a/x,http://A:80/y,true", "https://a/,https://a:443/,true", "http://a/,https://a/,false",
            "http://a/,http://b/,false", "http://a/,http://a:8080/,false"})
    void scheme_host_and_port_make_a_server(String one, String other, boolean same) {
        assertThat(Target.sameServer(URI.create(one), URI.create(other))).isEqualTo(same);
    }
}
