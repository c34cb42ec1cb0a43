-- Routines and views over system tables and the session, as libraries of diagnostics have them.
CREATE DATABASE IF NOT EXISTS diag DEFAULT CHARACTER SET utf8mb4;
USE diag;
SET @sql_log_bin = @@sql_log_bin;
SET sql_log_bin = 0;

CREATE TABLE IF NOT EXISTS config (
    variable VARCHAR(128) PRIMARY KEY,
    value VARCHAR(128),
    set_time TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    set_by VARCHAR(128)
) ENGINE = InnoDB;
CREATE TABLE log_entries (id INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(64) NOT NULL, entry TEXT);
CREATE TABLE archive_entries LIKE log_entries;
INSERT IGNORE INTO config (variable, value) VALUES ('len', '64'), ('debug', 'OFF');

CREATE OR REPLACE SQL SECURITY INVOKER VIEW table_list AS
    SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema');
CREATE OR REPLACE SQL SECURITY INVOKER VIEW key_list AS
    SELECT s.TABLE_NAME, s.INDEX_NAME, MAX(s.NON_UNIQUE) AS NON_UNIQUE, GROUP_CONCAT(s.COLUMN_NAME ORDER BY s.SEQ_IN_INDEX) AS COLS
      FROM information_schema.STATISTICS s WHERE s.TABLE_SCHEMA = DATABASE() GROUP BY s.TABLE_NAME, s.INDEX_NAME;
CREATE OR REPLACE SQL SECURITY INVOKER VIEW references_list AS
    SELECT k.TABLE_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_NAME, r.DELETE_RULE
      FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME)
     WHERE k.REFERENCED_TABLE_NAME IS NOT NULL;
CREATE OR REPLACE VIEW table_sizes AS SELECT TABLE_NAME, DATA_LENGTH + INDEX_LENGTH AS bytes FROM information_schema.TABLES;
CREATE OR REPLACE VIEW largest AS SELECT TABLE_NAME, bytes FROM table_sizes WHERE bytes > 1000;
CREATE OR REPLACE VIEW threads AS SELECT t.THREAD_ID, t.NAME, t.PROCESSLIST_USER FROM performance_schema.threads t WHERE t.PROCESSLIST_ID IS NOT NULL;
CREATE OR REPLACE VIEW accounts AS SELECT user, host FROM mysql.user;
CREATE OR REPLACE VIEW waiting AS SELECT a.user, t.name FROM accounts a JOIN threads t ON t.processlist_user = a.user;

DELIMITER $$

CREATE TRIGGER config_insert BEFORE INSERT ON config FOR EACH ROW
BEGIN
    IF @diag.ignore_triggers IS NULL OR @diag.ignore_triggers <> TRUE THEN
        SET NEW.set_by = USER();
    END IF;
END $$

CREATE FUNCTION get_config (in_name VARCHAR(128), in_default VARCHAR(128)) RETURNS VARCHAR(128) READS SQL DATA
BEGIN
    DECLARE v VARCHAR(128) DEFAULT NULL;
    SET v = (SELECT value FROM config WHERE variable = in_name);
    RETURN IFNULL(v, in_default);
END $$

CREATE FUNCTION table_there (in_table VARCHAR(64)) RETURNS ENUM('YES', 'NO') READS SQL DATA
BEGIN
    DECLARE n INT;
    SELECT COUNT(*) INTO n FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = in_table;
    RETURN IF(n > 0, 'YES', 'NO');
END $$

CREATE FUNCTION column_list (in_table VARCHAR(64)) RETURNS TEXT READS SQL DATA
BEGIN
    RETURN (SELECT GROUP_CONCAT(COLUMN_NAME ORDER BY ORDINAL_POSITION SEPARATOR ', ')
              FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = in_table);
END $$

CREATE FUNCTION thread_name (in_id BIGINT UNSIGNED) RETURNS VARCHAR(100) READS SQL DATA
    RETURN (SELECT NAME FROM performance_schema.threads WHERE THREAD_ID = in_id) $$

CREATE FUNCTION thread_label (in_id BIGINT UNSIGNED) RETURNS VARCHAR(120) READS SQL DATA
    RETURN CONCAT('thread ', thread_name(in_id)) $$

CREATE FUNCTION version_part (in_place INT) RETURNS INT NO SQL
    RETURN SUBSTRING_INDEX(SUBSTRING_INDEX(SUBSTRING_INDEX(VERSION(), '-', 1), '.', in_place), '.', -1) $$

CREATE PROCEDURE add_entry (IN in_what VARCHAR(64), IN in_entry TEXT)
BEGIN
    IF get_config('debug', 'OFF') = 'ON' THEN
        SELECT CONCAT('entry of ', in_what) AS debug;
    END IF;
    INSERT INTO log_entries (what, entry) VALUES (in_what, in_entry);
END $$

CREATE PROCEDURE entries_of (IN in_table VARCHAR(64), IN in_what VARCHAR(64), IN in_limit INT)
BEGIN
    SET @diag.sql = CONCAT('SELECT id, entry FROM ', quoted(in_table), ' WHERE what = ? ORDER BY id LIMIT ', in_limit);
    SET @diag.what = in_what;
    PREPARE stmt FROM @diag.sql;
    EXECUTE stmt USING @diag.what;
    DEALLOCATE PREPARE stmt;
END $$

CREATE PROCEDURE newest_of (IN in_table VARCHAR(64), IN in_limit INT)
BEGIN
    SET @diag.sql = CONCAT('SELECT id, entry FROM `', in_table, '` ORDER BY id DESC LIMIT ', in_limit);
    PREPARE stmt FROM @diag.sql;
    EXECUTE stmt;
    DEALLOCATE PREPARE stmt;
END $$

CREATE PROCEDURE run_sql (IN in_sql LONGTEXT)
BEGIN
    SET @diag.sql = in_sql;
    PREPARE stmt FROM @diag.sql;
    EXECUTE stmt;
    DEALLOCATE PREPARE stmt;
END $$

CREATE PROCEDURE run_twice (IN in_sql LONGTEXT)
BEGIN
    CALL run_sql(in_sql);
    CALL run_sql(in_sql);
END $$

CREATE PROCEDURE clear_all ()
BEGIN
    DECLARE done BOOL DEFAULT FALSE;
    DECLARE t VARCHAR(64);
    DECLARE c CURSOR FOR SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE '%\_entries';
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = TRUE;
    OPEN c;
    rows_of: LOOP
        FETCH c INTO t;
        IF done THEN LEAVE rows_of; END IF;
        SET @diag.sql = CONCAT('DELETE FROM ', t);
        PREPARE stmt FROM @diag.sql;
        EXECUTE stmt;
        DEALLOCATE PREPARE stmt;
    END LOOP;
    CLOSE c;
END $$

CREATE PROCEDURE summary ()
    COMMENT 'Counts into a temporary table, and shows it.'
BEGIN
    DROP TEMPORARY TABLE IF EXISTS tmp_summary;
    CREATE TEMPORARY TABLE tmp_summary (what VARCHAR(64) NOT NULL PRIMARY KEY, n INT NOT NULL);
    INSERT INTO tmp_summary SELECT what, COUNT(*) FROM log_entries GROUP BY what;
    SELECT what, n FROM tmp_summary ORDER BY n DESC, what;
    DROP TEMPORARY TABLE tmp_summary;
END $$

CREATE PROCEDURE show_tables () SHOW TABLES $$
CREATE PROCEDURE show_warnings () SHOW WARNINGS $$
CREATE PROCEDURE enable_all () UPDATE performance_schema.setup_consumers SET ENABLED = 'YES' WHERE ENABLED = 'NO' $$
CREATE PROCEDURE set_up () BEGIN CALL enable_all(); CALL sys.ps_setup_save(-1); END $$

DELIMITER ;
SET @@sql_log_bin = @sql_log_bin;
