-- The tables of Book Share, for MariaDB 10.11 and MySQL 8 or newer.
--
-- Run it in the database that is to hold them: mysql music_share < sql/schema.sql
-- It may be run again at any time: what exists is left as it is.

-- The table is called music and stores books: that is the name its users know.
CREATE TABLE IF NOT EXISTS music (
    -- Never changes once given. Compared by bytes, so that MySQL, Redis and C sort alike.
    book_id        VARCHAR(30)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    title          VARCHAR(255) NOT NULL,
    -- What is not known is NULL, never an empty string.
    category       VARCHAR(100) NULL,
    authors        VARCHAR(255) NULL,
    publisher      VARCHAR(255) NULL,
    edition        VARCHAR(50)  NULL,
    available_from DATE         NULL,
    PRIMARY KEY (book_id)
-- Text compares with case and accents aside, in a collation that both servers have.
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

-- Which state the table music is in: one row. Every write of the application makes the next version, in the same
-- transaction, and the lock on this row puts the writes in order. What is derived from the table (the list in Redis, ...)
-- says the version that it was made from.
CREATE TABLE IF NOT EXISTS music_version (
    one     TINYINT UNSIGNED NOT NULL DEFAULT 1,
    -- Microseconds since 1970 when this count of versions began. A new one begins when the versions before say nothing
    -- any more: after edits past the application, or after a backup was restored.
    epoch   BIGINT UNSIGNED NOT NULL,
    version BIGINT UNSIGNED NOT NULL,
    -- Rows of music, so that nobody has to count them.
    books   BIGINT UNSIGNED NOT NULL,
    -- That of the change which made this version. Where an older backup was restored and written to, the same numbers
    -- come again, but not the same tokens. 0: no change yet.
    token   BIGINT UNSIGNED NOT NULL DEFAULT 0,
    PRIMARY KEY (one)
) ENGINE = InnoDB;

-- What each version changed: how a derived view is brought forward, and the history of each book.
CREATE TABLE IF NOT EXISTS music_changes (
    version    BIGINT UNSIGNED NOT NULL,
    -- Counts the changes of one version from 0 on: an import changes many books at once.
    part       SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    op         ENUM('add', 'update', 'delete') NOT NULL,
    book_id    VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    actor      VARCHAR(64) NOT NULL,
    at         DATETIME(3) NOT NULL,
    -- A random number, the same for all changes of one version, by which a writer knows its change again, and
    -- whatever is derived from the table its place in the log.
    token      BIGINT UNSIGNED NOT NULL,
    -- The book before and after as a row of text: its fields with tabs between, escaped as LOAD DATA has it.
    row_before TEXT CHARACTER SET utf8mb4 NULL,
    row_after  TEXT CHARACTER SET utf8mb4 NULL,
    PRIMARY KEY (version, part)
) ENGINE = InnoDB;

INSERT IGNORE INTO music_version (one, epoch, version, books)
    SELECT 1, CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS UNSIGNED), 0, COUNT(*) FROM music;

-- Steps that bring older tables up to these. Each does nothing where it was done before.

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
                WHERE table_schema = DATABASE() AND table_name = 'music_changes' AND column_name = 'part') = 0,
               'ALTER TABLE music_changes ADD COLUMN part SMALLINT UNSIGNED NOT NULL DEFAULT 0 AFTER version, DROP PRIMARY KEY, ADD PRIMARY KEY (version, part)',
               'DO 0');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
                WHERE table_schema = DATABASE() AND table_name = 'music_version' AND column_name = 'token') = 0,
               'ALTER TABLE music_version ADD COLUMN token BIGINT UNSIGNED NOT NULL DEFAULT 0',
               'DO 0');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

-- Programs and triggers from before there was this column do not set it.
UPDATE music_version SET token = COALESCE((SELECT log.token FROM music_changes AS log
                                           WHERE log.version = music_version.version AND log.part = 0), token);
