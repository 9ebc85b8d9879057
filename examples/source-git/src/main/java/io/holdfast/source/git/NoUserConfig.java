package io.holdfast.source.git;

import java.io.File;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * What an administrator's {@code ~/.gitconfig} says is not for the agent, which must do the same whoever started it. Nor
 * does the library write what it measures of the file system into the home directory.
 */
final class NoUserConfig extends SystemReader.Delegate {

    /** How far apart two changes of a file may be and yet have the same time. */
    private static final Duration COARSEST_CLOCK = Duration.ofSeconds(2);

    NoUserConfig() {
        super(SystemReader.getInstance());
    }

    @Override
    public FileBasedConfig openUserConfig(Config parent, FS fs) {
        return new Own(parent, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(Config parent, FS fs) {
        return new Own(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(Config parent, FS fs) {
        return new Own(parent, fs);
    }

    private static final class Own extends FileBasedConfig {

        Own(Config parent, FS fs) {
            super(parent, new File("/dev/null"), fs);
            // No garbage collection of what lives for one reading; it would need threads that end with the bundle.
            setInt(ConfigConstants.CONFIG_GC_SECTION, null, ConfigConstants.CONFIG_KEY_AUTO, 0);
            setInt(ConfigConstants.CONFIG_GC_SECTION, null, ConfigConstants.CONFIG_KEY_AUTOPACKLIMIT, 0);
            setBoolean(ConfigConstants.CONFIG_GC_SECTION, null, ConfigConstants.CONFIG_KEY_AUTODETACH, false);
        }

        /** Else the library measures it, for three seconds before the first reading. Nothing here depends on it. */
        @Override
        public long getTimeUnit(String section, String subsection, String name, long otherwise, TimeUnit unit) {
            return section.equals(ConfigConstants.CONFIG_FILESYSTEM_SECTION) ? unit.convert(COARSEST_CLOCK)
                    : super.getTimeUnit(section, subsection, name, otherwise, unit);
        }

        @Override
        public void load() {
            // there is no file
        }

        @Override
        public void save() {
            // there is no file
        }

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
