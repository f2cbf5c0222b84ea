-- Optional: triggers that make a version and a log entry for each edit of the table music that bypasses the application
-- (with the mysql client, by a script, ...), as for its own writes. So the list shows such edits within the check
-- interval, without `bookshare cache clear`.
--
-- Run it after schema.sql, as the owner of the database: mysql music_share < sql/triggers.sql It is idempotent, but run
-- it while nobody edits the table: for a moment there are no triggers. If the server writes a binary log, creating them
-- requires SUPER or log_bin_trust_function_creators = 1. To remove them: DROP TRIGGER music_log_insert; and so on for
-- everything that is dropped below.
--
-- They do not see TRUNCATE, ALTER TABLE or restoring only the books from a backup: run `bookshare cache clear` after
-- these. Bulk loads are slower with the triggers: SET @bookshare_writes = 1 disables them in your session; your edits
-- then stay invisible until `bookshare cache clear`.
--
-- An edit holds the lock on music_version until its transaction ends; meanwhile writes of the application wait. The
-- application takes that lock before it changes a book, an edit takes it after. If both change the same book, the
-- server aborts one of them with a deadlock. The application retries; so should a script.

DROP TRIGGER IF EXISTS music_log_insert;
DROP TRIGGER IF EXISTS music_log_update;
DROP TRIGGER IF EXISTS music_log_delete;
DROP PROCEDURE IF EXISTS music_log_change;
DROP FUNCTION IF EXISTS music_row;
DROP FUNCTION IF EXISTS music_value;

DELIMITER //

-- Escapes a value for a row of text. Uses character codes, since the meaning of a backslash in quotes depends on the
-- sql_mode.
CREATE FUNCTION music_value(value TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)
    RETURNS TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    DETERMINISTIC NO SQL
BEGIN
    DECLARE sign TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT CHAR(92 USING utf8mb4);
    RETURN REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(COALESCE(value, ''),
        sign, CONCAT(sign, sign)),
        CHAR(9 USING utf8mb4), CONCAT(sign, 't')),
        CHAR(10 USING utf8mb4), CONCAT(sign, 'n')),
        CHAR(13 USING utf8mb4), CONCAT(sign, 'r')),
        CHAR(0 USING utf8mb4), CONCAT(sign, '0'));
END//

-- A book as a row of text, identical to that of the application.
CREATE FUNCTION music_row(
    book_id        TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    title          TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    category       TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    authors        TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    publisher      TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    edition        TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    available_from TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)
    RETURNS TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    DETERMINISTIC CONTAINS SQL
    RETURN CONCAT_WS(CHAR(9 USING utf8mb4), music_value(book_id), music_value(title), music_value(category),
        music_value(authors), music_value(publisher), music_value(edition), music_value(available_from))//

-- Makes a version of one change. The UPDATE takes the lock that puts versions in order.
CREATE PROCEDURE music_log_change(
    op         VARCHAR(6),
    id         VARCHAR(30) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    row_before TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    row_after  TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin)
    MODIFIES SQL DATA
BEGIN
    UPDATE music_version
        SET version = version + 1,
            -- Random, as in the application.
            token = CAST(CONV(HEX(RANDOM_BYTES(8)), 16, 10) AS UNSIGNED) >> 5,
            books = CASE op WHEN 'add' THEN books + 1 WHEN 'delete' THEN IF(books > 0, books - 1, 0) ELSE books END
        WHERE one = 1;
    INSERT INTO music_changes (version, part, op, book_id, actor, at, token, row_before, row_after)
        SELECT version, 0, op, id, 'sql', UTC_TIMESTAMP(3), token, row_before, row_after FROM music_version WHERE one = 1;
END//

-- The application logs its own writes, and sets this variable on each connection.
CREATE TRIGGER music_log_insert AFTER INSERT ON music FOR EACH ROW
BEGIN
    IF NOT (@bookshare_writes <=> 1) THEN
        CALL music_log_change('add', NEW.book_id, '', music_row(NEW.book_id, NEW.title, NEW.category, NEW.authors,
            NEW.publisher, NEW.edition, NEW.available_from));
    END IF;
END//

-- A changed ID moves the book in the list: it is logged as a delete and an add.
CREATE TRIGGER music_log_update AFTER UPDATE ON music FOR EACH ROW
BEGIN
    DECLARE row_before, row_after TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
    IF NOT (@bookshare_writes <=> 1) THEN
        SET row_before = music_row(OLD.book_id, OLD.title, OLD.category, OLD.authors, OLD.publisher, OLD.edition,
            OLD.available_from);
        SET row_after = music_row(NEW.book_id, NEW.title, NEW.category, NEW.authors, NEW.publisher, NEW.edition,
            NEW.available_from);
        -- Bytewise: the collation would ignore trailing blanks.
        IF CAST(OLD.book_id AS BINARY) <> CAST(NEW.book_id AS BINARY) THEN
            CALL music_log_change('delete', OLD.book_id, row_before, '');
            CALL music_log_change('add', NEW.book_id, '', row_after);
        ELSEIF CAST(row_before AS BINARY) <> CAST(row_after AS BINARY) THEN
            CALL music_log_change('update', NEW.book_id, row_before, row_after);
        END IF;
    END IF;
END//

CREATE TRIGGER music_log_delete AFTER DELETE ON music FOR EACH ROW
BEGIN
    IF NOT (@bookshare_writes <=> 1) THEN
        CALL music_log_change('delete', OLD.book_id, music_row(OLD.book_id, OLD.title, OLD.category, OLD.authors,
            OLD.publisher, OLD.edition, OLD.available_from), '');
    END IF;
END//

DELIMITER ;
