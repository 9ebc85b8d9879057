package io.holdfast.launcher;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogService;
import org.osgi.service.log.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.FormattingTuple;
import org.slf4j.helpers.MessageFormatter;

/**
 * OSGi's log, which Felix's bundles write to, as lines of ours. An exception that says what a person did wrong is a
 * part of its line, without stack trace: a component that refuses its configuration, a bundle that lacks an import.
 */
@SuppressWarnings("deprecation") // that is what File Install and the framework call
final class Log implements LogService {

    private final String who;
    private final org.slf4j.Logger out;

    /** @param name whose log this is; what it logs of others has a name below that, so that one level is for it all */
    Log(String name) {
        this.who = name;
        this.out = LoggerFactory.getLogger(name);
    }

    @Override
    public void log(int level, String message) {
        log(null, level, message, null);
    }

    @Override
    public void log(int level, String message, @Nullable Throwable exception) {
        log(null, level, message, exception);
    }

    @Override
    public void log(@Nullable ServiceReference<?> reference, int level, String message) {
        log(reference, level, message, null);
    }

    @Override
    public void log(@Nullable ServiceReference<?> reference, int level, String message, @Nullable Throwable exception) {
        LogLevel[] levels = LogLevel.values();
        write(out, level >= 0 && level < levels.length ? levels[level] : LogLevel.TRACE, message, exception);
    }

    @Override
    public Logger getLogger(String name) {
        return getLogger(name, Logger.class);
    }

    @Override
    public Logger getLogger(Class<?> type) {
        return getLogger(type.getName(), Logger.class);
    }

    @Override
    public <L extends Logger> L getLogger(Class<?> type, Class<L> kind) {
        return getLogger(type.getName(), kind);
    }

    @Override
    public <L extends Logger> L getLogger(Bundle bundle, String name, Class<L> kind) {
        return getLogger(name.equals(Logger.ROOT_LOGGER_NAME) ? LogFactory.nameOf(bundle) : name, kind);
    }

    /** A logger has some forty methods, all of them named after their level. */
    @Override
    @SuppressWarnings("ReferenceEquality") // what equals is for a proxy
    public <L extends Logger> L getLogger(String name, Class<L> kind) {
        org.slf4j.Logger to = LoggerFactory.getLogger(who + "." + name);
        return kind.cast(Proxy.newProxyInstance(kind.getClassLoader(), new Class<?>[] {kind}, (proxy, method, args) -> {
            String called = method.getName();
            if (called.startsWith("is")) {
                String level = called.substring("is".length(), called.length() - "Enabled".length());
                return to.isEnabledForLevel(slf4j(LogLevel.valueOf(level.toUpperCase(Locale.ROOT))));
            }
            return switch (called) {
                case "getName" -> name;
                case "toString" -> "log " + name;
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == args[0];
                default -> {
                    write(to, LogLevel.valueOf(called.toUpperCase(Locale.ROOT)), args);
                    yield null;
                }
            };
        }));
    }

    /** @param args the message, with {@code {}} for the others; an exception at the end; or both of these in an array */
    private static void write(org.slf4j.Logger to, LogLevel level, @Nullable Object[] args) {
        Object[] rest = args.length == 2 && args[1] instanceof Object[] more ? more
                : Arrays.copyOfRange(args, 1, args.length);
        FormattingTuple filled = MessageFormatter.arrayFormat(String.valueOf(args[0]), rest);
        write(to, level, filled.getMessage(), filled.getThrowable());
    }

    static void write(org.slf4j.Logger to, LogLevel level, String message, @Nullable Throwable exception) {
        Throwable root = exception;
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof IllegalArgumentException || root instanceof BundleException || root instanceof IOException) {
            String told = root.getMessage();
            to.atLevel(slf4j(level)).log(message + ": " + (told == null ? root : told));
            to.debug("in full:", exception);
        } else {
            to.atLevel(slf4j(level)).setCause(exception).log(message);
        }
    }

    private static Level slf4j(LogLevel level) {
        return switch (level) {
            case AUDIT, INFO -> Level.INFO;
            case ERROR -> Level.ERROR;
            case WARN -> Level.WARN;
            case DEBUG -> Level.DEBUG;
            case TRACE -> Level.TRACE;
        };
    }
}
