-- The tables of Book Share, for MariaDB 10.11 and MySQL 8 or newer.
--
-- Run it in the target database: mysql music_share < sql/schema.sql
-- It is idempotent: existing tables are kept.

-- The table is called music and stores books: that is the name its users know.
CREATE TABLE IF NOT EXISTS music (
    -- Never changes. Compared bytewise, so that MySQL, Redis and C sort alike.
    book_id        VARCHAR(30)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    title          VARCHAR(255) NOT NULL,
    -- Unknown values are NULL, never empty strings.
    category       VARCHAR(100) NULL,
    authors        VARCHAR(255) NULL,
    publisher      VARCHAR(255) NULL,
    edition        VARCHAR(50)  NULL,
    available_from DATE         NULL,
    PRIMARY KEY (book_id)
-- Text comparison ignores case and accents, in a collation that both servers have.
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci;

-- The version of the table music: one row. Every write of the application makes the next version in the same
-- transaction, and the lock on this row serialises the writes. Every view of the table (the list in Redis, ...) carries
-- the version that it was made from.
CREATE TABLE IF NOT EXISTS music_version (
    one     TINYINT UNSIGNED NOT NULL DEFAULT 1,
    -- Start of this sequence of versions, in microseconds since 1970. A new epoch starts when older versions become
    -- meaningless: after edits that bypass the application, or after restoring a backup.
    epoch   BIGINT UNSIGNED NOT NULL,
    version BIGINT UNSIGNED NOT NULL,
    -- Number of rows of music, to avoid counting them.
    books   BIGINT UNSIGNED NOT NULL,
    -- Token of the change that made this version. After restoring an older backup the same numbers occur again, but
    -- with different tokens. 0: no change yet.
    token   BIGINT UNSIGNED NOT NULL DEFAULT 0,
    PRIMARY KEY (one)
) ENGINE = InnoDB;

-- The changes of each version: views follow this log, and it is the history of each book.
CREATE TABLE IF NOT EXISTS music_changes (
    version    BIGINT UNSIGNED NOT NULL,
    -- Numbers the changes of one version from 0: an import changes many books at once.
    part       SMALLINT UNSIGNED NOT NULL DEFAULT 0,
    op         ENUM('add', 'update', 'delete') NOT NULL,
    book_id    VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    -- Who made the change: the name of a person, or web, import, edit or sql.
    actor      VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    at         DATETIME(3) NOT NULL,
    -- A random number, the same for all changes of one version. It lets a writer recognise its change, and a view its
    -- position in the log.
    token      BIGINT UNSIGNED NOT NULL,
    -- The book before and after as a row of text: its fields separated by tabs, escaped as for LOAD DATA.
    row_before TEXT CHARACTER SET utf8mb4 NULL,
    row_after  TEXT CHARACTER SET utf8mb4 NULL,
    -- The edit of many books that it belongs to (music_edits). 0: none.
    edit       INT UNSIGNED NOT NULL DEFAULT 0,
    PRIMARY KEY (version, part),
    -- For the pages of the history, newest first: of a book, of an edit, of a kind of change, of a person. Days need
    -- none, since versions are in the order of time. An edit is one entry there, so its changes are apart.
    KEY by_book (book_id, version, part),
    KEY by_edit (edit, version, part),
    KEY by_op (op, edit, version, part),
    KEY by_actor (actor, op, edit, version, part)
) ENGINE = InnoDB;

-- The edits of many books at once. Each is written in several transactions. These also raise its counts, so that its row
-- always says what has been done.
CREATE TABLE IF NOT EXISTS music_edits (
    edit          INT UNSIGNED NOT NULL AUTO_INCREMENT,
    -- Made up for each confirmation: the same one, sent again, finds the edit that it has started.
    token         BIGINT UNSIGNED NOT NULL,
    actor         VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    at            DATETIME(3) NOT NULL,
    kind          ENUM('set', 'clear', 'replace', 'delete', 'undo') NOT NULL,
    -- What it does to each book, as the log has it.
    op            ENUM('add', 'update', 'delete') NOT NULL,
    field         VARCHAR(32) NULL,
    old_text      VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    new_text      VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    -- Which books: a search, as in a URL. NULL: they were named one by one, or it is an undo.
    search        TEXT CHARACTER SET utf8mb4 NULL,
    -- The edit that it takes back. 0: none.
    undoes        INT UNSIGNED NOT NULL DEFAULT 0,
    -- Numbers of books: to be changed; changed; skipped, since somebody has changed them meanwhile.
    planned       INT UNSIGNED NOT NULL,
    done          INT UNSIGNED NOT NULL DEFAULT 0,
    skipped       INT UNSIGNED NOT NULL DEFAULT 0,
    state         ENUM('running', 'done', 'stopped') NOT NULL,
    -- The process that runs it, and when it last said so. Another one may take over after a silence.
    runner        BIGINT UNSIGNED NOT NULL,
    beat_at       DATETIME(3) NOT NULL,
    -- Where it goes on: after this ID, or this place in the log.
    place         VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    -- The first and last version that it has made. 0: none.
    first_version BIGINT UNSIGNED NOT NULL DEFAULT 0,
    last_version  BIGINT UNSIGNED NOT NULL DEFAULT 0,
    PRIMARY KEY (edit),
    UNIQUE KEY by_token (token),
    KEY by_version (first_version),
    KEY by_undoes (undoes)
) ENGINE = InnoDB;

-- The keys of forms and requests that were written, so that each is written once, however often it is sent. A key is
-- stored in the transaction of its write, and removed by a later one after a day.
CREATE TABLE IF NOT EXISTS music_sent (
    -- BLAKE2b with 256 bits, hexadecimal: of the sender and the key, and of what was asked for.
    sent_key CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    request  CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    -- What was done, to answer the same again. NULL: nothing, since all was as wanted in that version.
    op       ENUM('add', 'update', 'delete') NULL,
    book_id  VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    version  BIGINT UNSIGNED NOT NULL,
    note     VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    sent_at  DATETIME NOT NULL,
    PRIMARY KEY (sent_key),
    KEY (sent_at)
) ENGINE = InnoDB;

-- The people who may sign in, or whom the web server names.
CREATE TABLE IF NOT EXISTS people (
    person   INT UNSIGNED NOT NULL AUTO_INCREMENT,
    name     VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    role     ENUM('reader', 'editor', 'admin') NOT NULL,
    -- Argon2id, as libsodium writes it. NULL: none yet.
    password VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    made_at  DATETIME NOT NULL,
    PRIMARY KEY (person),
    UNIQUE KEY (name)
) ENGINE = InnoDB;

-- The keys of people: who sends the secret of one is that person. Only a hash of the secret is stored.
CREATE TABLE IF NOT EXISTS people_keys (
    number  INT UNSIGNED NOT NULL AUTO_INCREMENT,
    kind    ENUM('session', 'invitation', 'token') NOT NULL,
    person  INT UNSIGNED NOT NULL,
    -- BLAKE2b with 256 bits, hexadecimal.
    hash    CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    -- What a token is for. Others are for everything that the person may do.
    scope   ENUM('read', 'write') NOT NULL DEFAULT 'write',
    -- The browser of a session, as it names itself.
    about   VARCHAR(200) CHARACTER SET utf8mb4 NULL,
    made_at DATETIME NOT NULL,
    used_at DATETIME NOT NULL,
    ends_at DATETIME NOT NULL,
    PRIMARY KEY (number),
    UNIQUE KEY (hash),
    KEY (person),
    KEY (ends_at)
) ENGINE = InnoDB;

-- The names of people who were removed, as far as the log of changes still has them: alias is to take the place of name
-- from next_version to last_version. A later person may have the same name.
CREATE TABLE IF NOT EXISTS people_renames (
    alias        VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    name         VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    next_version BIGINT UNSIGNED NOT NULL,
    last_version BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (alias)
) ENGINE = InnoDB;

-- Attempts to sign in, by a hash of the name and by one of the address that they came from. After some failures the next
-- one has to wait.
CREATE TABLE IF NOT EXISTS people_attempts (
    who      CHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    failures INT UNSIGNED NOT NULL,
    next_at  DATETIME(3) NOT NULL,
    PRIMARY KEY (who),
    KEY (next_at)
) ENGINE = InnoDB;

INSERT IGNORE INTO music_version (one, epoch, version, books)
    SELECT 1, CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS UNSIGNED), 0, COUNT(*) FROM music;

-- Upgrade steps for older tables. Each one is idempotent.

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

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
                WHERE table_schema = DATABASE() AND table_name = 'music_changes' AND column_name = 'actor'
                AND collation_name <> 'utf8mb4_bin') = 1,
               'ALTER TABLE music_changes MODIFY actor VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL',
               'DO 0');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.columns
                WHERE table_schema = DATABASE() AND table_name = 'music_changes' AND column_name = 'edit') = 0,
               'ALTER TABLE music_changes ADD COLUMN edit INT UNSIGNED NOT NULL DEFAULT 0',
               'DO 0');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

SET @step = IF((SELECT GROUP_CONCAT(DISTINCT index_name ORDER BY index_name) FROM information_schema.statistics
                WHERE table_schema = DATABASE() AND table_name = 'music_changes' AND index_name IN ('by_actor', 'by_edit')) = 'by_actor',
               'ALTER TABLE music_changes DROP KEY by_op, DROP KEY by_actor, ADD KEY by_edit (edit, version, part), ADD KEY by_op (op, edit, version, part), ADD KEY by_actor (actor, op, edit, version, part)',
               'DO 0');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

SET @step = IF((SELECT COUNT(*) FROM information_schema.statistics
                WHERE table_schema = DATABASE() AND table_name = 'music_changes' AND index_name = 'by_actor') = 0,
               'ALTER TABLE music_changes ADD KEY by_book (book_id, version, part), ADD KEY by_edit (edit, version, part), ADD KEY by_op (op, edit, version, part), ADD KEY by_actor (actor, op, edit, version, part)',
               'DO 0');
PREPARE step FROM @step;
EXECUTE step;
DEALLOCATE PREPARE step;

-- Older programs and triggers do not set this column.
UPDATE music_version SET token = COALESCE((SELECT log.token FROM music_changes AS log
                                           WHERE log.version = music_version.version AND log.part = 0), token);
