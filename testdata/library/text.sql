-- Functions over texts and lists, as libraries of routines have them.
CREATE DATABASE IF NOT EXISTS kit DEFAULT CHARACTER SET utf8mb4;
USE kit;

DELIMITER $$

DROP FUNCTION IF EXISTS proper_case $$
CREATE DEFINER='root'@'localhost' FUNCTION proper_case (in_text VARCHAR(200))
    RETURNS VARCHAR(200)
    COMMENT 'Upper case for the first letter of each word.'
    SQL SECURITY INVOKER
    DETERMINISTIC
    NO SQL
BEGIN
    DECLARE i INT DEFAULT 1;
    DECLARE c CHAR(1);
    DECLARE fresh BOOL DEFAULT TRUE;
    DECLARE out_text VARCHAR(200) DEFAULT '';
    WHILE i <= CHAR_LENGTH(in_text) DO
        SET c = SUBSTRING(in_text, i, 1);
        SET out_text = CONCAT(out_text, IF(fresh, UPPER(c), LOWER(c)));
        SET fresh = (c IN ('-', '.', '_'));
        IF c = '' THEN
            SET fresh = TRUE, out_text = CONCAT(out_text, ' ');
        END IF;
        SET i = i + 1;
    END WHILE;
    RETURN out_text;
END $$

CREATE FUNCTION count_of (in_text TEXT, in_part VARCHAR(50)) RETURNS INT DETERMINISTIC
BEGIN
    IF in_part IS NULL OR in_part = '' THEN
        RETURN 0;
    END IF;
    RETURN (CHAR_LENGTH(in_text) - CHAR_LENGTH(REPLACE(in_text, in_part, ''))) DIV CHAR_LENGTH(in_part);
END $$

CREATE FUNCTION list_length (in_list TEXT) RETURNS INT DETERMINISTIC
BEGIN
    IF in_list IS NULL THEN RETURN NULL; END IF;
    IF in_list = '' THEN RETURN 0; END IF;
    RETURN count_of(in_list, ',') + 1;
END $$

CREATE FUNCTION list_item (in_list TEXT, in_place INT) RETURNS TEXT DETERMINISTIC
BEGIN
    IF in_place < 1 OR in_place > list_length(in_list) THEN
        RETURN NULL;
    END IF;
    RETURN TRIM(SUBSTRING_INDEX(SUBSTRING_INDEX(in_list, ',', in_place), ',', -1));
END $$

CREATE FUNCTION list_add (in_list TEXT, in_value TEXT) RETURNS TEXT DETERMINISTIC
BEGIN
    IF (in_value IS NULL) THEN
        SIGNAL SQLSTATE '02200'
           SET MESSAGE_TEXT = 'list_add: the value is NULL';
    END IF;
    IF (in_list IS NULL OR LENGTH(in_list) = 0) THEN
        RETURN in_value;
    END IF;
    RETURN (SELECT CONCAT(TRIM(BOTH ',' FROM TRIM(in_list)), ',', in_value));
END $$

CREATE FUNCTION list_reverse (in_list TEXT) RETURNS TEXT DETERMINISTIC
BEGIN
    DECLARE n INT;
    DECLARE out_list TEXT DEFAULT NULL;
    SET n = list_length(in_list);
    WHILE n > 0 DO
        SET out_list = CONCAT_WS(',', out_list, list_item(in_list, n));
        SET n = n - 1;
    END WHILE;
    RETURN out_list;
END $$

CREATE FUNCTION quoted_name (in_name TEXT) RETURNS TEXT DETERMINISTIC NO SQL
    RETURN CONCAT('`', REPLACE(in_name, '`', '``'), '`') $$

CREATE FUNCTION mask (in_text VARCHAR(100), in_shown INT) RETURNS VARCHAR(100) DETERMINISTIC
    RETURN CONCAT(REPEAT('*', GREATEST(CHAR_LENGTH(in_text) - in_shown, 0)), RIGHT(in_text, in_shown)) $$

CREATE FUNCTION size_text (in_bytes BIGINT) RETURNS VARCHAR(20) DETERMINISTIC
BEGIN
    CASE
        WHEN in_bytes IS NULL THEN RETURN NULL;
        WHEN in_bytes >= 1073741824 THEN RETURN CONCAT(ROUND(in_bytes / 1073741824, 2), ' GiB');
        WHEN in_bytes >= 1048576 THEN RETURN CONCAT(ROUND(in_bytes / 1048576, 2), ' MiB');
        WHEN in_bytes >= 1024 THEN RETURN CONCAT(ROUND(in_bytes / 1024, 2), ' KiB');
        ELSE RETURN CONCAT(in_bytes, ' bytes');
    END CASE;
END $$

CREATE FUNCTION first_of_month (in_day DATE) RETURNS DATE DETERMINISTIC
    RETURN DATE_SUB(in_day, INTERVAL DAYOFMONTH(in_day) - 1 DAY) $$

CREATE FUNCTION work_days (in_from DATE, in_to DATE) RETURNS INT DETERMINISTIC
BEGIN
    DECLARE n INT DEFAULT 0;
    DECLARE d DATE DEFAULT in_from;
    WHILE d <= in_to DO
        IF WEEKDAY(d) < 5 THEN SET n = n + 1; END IF;
        SET d = d + INTERVAL 1 DAY;
    END WHILE;
    RETURN n;
END $$

CREATE FUNCTION age_text (in_from DATE, in_to DATE) RETURNS VARCHAR(40) DETERMINISTIC
BEGIN
    DECLARE y INT DEFAULT TIMESTAMPDIFF(YEAR, in_from, in_to);
    DECLARE m INT DEFAULT TIMESTAMPDIFF(MONTH, in_from, in_to) % 12;
    RETURN CONCAT(y, ' year', IF(y = 1, '', 's'), ', ', m, ' month', IF(m = 1, '', 's'));
END $$

DELIMITER ;
