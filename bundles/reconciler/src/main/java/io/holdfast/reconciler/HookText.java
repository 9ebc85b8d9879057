package io.holdfast.reconciler;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.holdfast.pod.Handler;
import io.holdfast.pod.IntOrString;

/** A hook as one line of text, for an annotation: words with a blank between them, each encoded as in a URL. */
final class HookText {

    private HookText() {
    }

    /** @param handler of a hook, its port resolved */
    static String of(Handler handler) {
        Stream<String> words = switch (handler) {
            case Handler.Exec(List<String> command) -> Stream.concat(Stream.of("exec"), command.stream());
            case Handler.Sleep(long seconds) -> Stream.of("sleep", Long.toString(seconds));
            case Handler.HttpGet get -> Stream.concat(
                    Stream.of("httpGet", or(get.scheme(), "HTTP"), or(get.host(), ""), port(get.port()),
                            or(get.path(), "/")),
                    get.httpHeaders().stream().flatMap(h -> Stream.of(h.name(), h.value())));
            case Handler.TcpSocket _ -> Stream.of("tcpSocket");
            case Handler.Grpc _ -> throw new IllegalArgumentException("no hook does grpc");
        };
        return words.map(w -> URLEncoder.encode(w, UTF_8)).collect(Collectors.joining(" "));
    }

    private static String or(@org.jspecify.annotations.Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }

    /** @throws IllegalArgumentException that was not written by {@link #of} */
    static Handler read(String text) {
        List<String> words = Arrays.stream(text.split(" ", -1)).map(w -> URLDecoder.decode(w, UTF_8)).toList();
        List<String> rest = words.subList(1, words.size());
        return switch (words.getFirst()) {
            case "exec" -> new Handler.Exec(rest);
            case "sleep" -> new Handler.Sleep(Long.parseLong(rest.getFirst()));
            case "httpGet" -> new Handler.HttpGet(rest.get(3), port(rest.get(2)), rest.get(1).isEmpty() ? null : rest.get(1),
                    rest.get(0), headers(rest.subList(4, rest.size())));
            case "tcpSocket" -> new Handler.TcpSocket(new IntOrString.Number(0), null);
            default -> throw new IllegalArgumentException("no hook: " + text);
        };
    }

    private static String port(IntOrString port) {
        return switch (port) {
            case IntOrString.Number(int number) -> Integer.toString(number);
            case IntOrString.Name(String name) -> name;
        };
    }

    private static IntOrString port(String text) {
        return text.chars().allMatch(Character::isDigit) ? new IntOrString.Number(Integer.parseInt(text))
                : new IntOrString.Name(text);
    }

    private static List<Handler.Header> headers(List<String> words) {
        List<Handler.Header> headers = new ArrayList<>();
        for (int i = 0; i + 1 < words.size(); i += 2) {
            headers.add(new Handler.Header(words.get(i), words.get(i + 1)));
        }
        return headers;
    }
}
