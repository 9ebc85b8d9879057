package io.holdfast.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;

class JsonTest {

    private static Documents.Document read(String json) {
        Documents documents = Documents.read(json.getBytes(UTF_8));
        assertThat(documents.broken()).isNull();
        return documents.list().getFirst();
    }

    @Test
    void everyCharacterHasOneSpelling() { // I5: UIDs are made of it
        Tree.Text text = new Tree.Text(Tree.Place.UNKNOWN,
                "\"\\/\n\t\r\b\f\u0000\u001f\u007f\u00e9\u2027\u2028\u2029\ud83d\ude00\ud800");
        assertThat(Json.write(text)).isEqualTo("\"\\\"\\\\/\\n\\t\\u000d\\u0008\\u000c\\u0000\\u001f\u007f\u00e9\u2027"
                + "\\u2028\\u2029\\ud83d\\ude00\\ud800\"");
        assertThat(Json.canonical(text)).isEqualTo(Json.write(text));
    }

    @Test
    void namesAreWrittenAsTextsAre() {
        assertThat(Json.write(read("{\"\\r\\ud83d\": 1}").root())).isEqualTo("{\"\\u000d\\ud83d\":1}");
    }

    @Test
    void theCanonicalFormIsSortedAndWithoutWhatHoldsNothing() { // F6
        Tree tree = read("{\"b\": [null, {\"z\": 1, \"y\": []}], \"a\": {\"c\": null, \"d\": {}}, \"A\": \"\"}").root();
        assertThat(Json.canonical(tree)).isEqualTo("{\"A\":\"\",\"b\":[null,{\"z\":1}]}");
    }

    @Test
    void everyValueKnowsItsPlace() {
        Tree.Obj root = (Tree.Obj) read("{\"a\":\n  {\"b\" : [true,\n\t-1.5]}}").root();
        Tree.Obj a = root.object("a");
        Tree.Arr b = (Tree.Arr) Objects.requireNonNull(a.get("b"));
        assertThat(root.placeOf("a")).isEqualTo(new Tree.Place(1, 2));
        assertThat(a.place()).isEqualTo(new Tree.Place(2, 3));
        assertThat(a.placeOf("b")).isEqualTo(new Tree.Place(2, 4));
        assertThat(b.items()).extracting(Tree::place).containsExactly(new Tree.Place(2, 11), new Tree.Place(3, 2));
    }

    @Test
    void aKeyThatIsGivenTwiceIsAFaultWithItsPath() { // I3
        assertThat(read("{\"a\":[0,\n{\"b\":1,\n \"b\":2}],\"a\":3}").faults()).isEqualTo(List.of(
                new Fault(new Tree.Place(3, 2), "a[1].b", "is given twice, first in line 2"),
                new Fault(new Tree.Place(3, 10), "a", "is given twice, first in line 1")));
    }
}
