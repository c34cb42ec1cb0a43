CREATE TABLE customer (
  id INT NOT NULL PRIMARY KEY, name VARCHAR(40) NOT NULL, email VARCHAR(60), status ENUM('new','active','gone') NOT NULL DEFAULT 'new',
  born DATE, credit DECIMAL(10,2) NOT NULL DEFAULT 0, score DOUBLE, created DATETIME
) DEFAULT CHARSET utf8mb4;
CREATE TABLE product (
  id INT UNSIGNED NOT NULL PRIMARY KEY, sku VARCHAR(20) NOT NULL, title VARCHAR(50), price DECIMAL(8,2), stock SMALLINT NOT NULL DEFAULT 0, sold BIGINT UNSIGNED
) DEFAULT CHARSET utf8mb4;
CREATE TABLE orders (
  id BIGINT NOT NULL PRIMARY KEY, customer_id INT, placed DATETIME NOT NULL, exact DATETIME(3), state ENUM('open','active') DEFAULT 'open', qty TINYINT UNSIGNED, note VARCHAR(30),
  FOREIGN KEY (customer_id) REFERENCES customer (id)
) DEFAULT CHARSET utf8mb4;
INSERT INTO customer VALUES (1, 'Anna', 'anna@x.com', 'active', '1980-02-29', 100.50, 1.5, '2024-01-31 10:00:00'), (2, 'bob', 'BOB@x.com', 'new', '1999-12-31', 0, -2.25, '2023-12-31 23:59:59'), (3, 'BOB', NULL, 'gone', NULL, -5.25, NULL, NULL), (4, 'Émile', 'é@x.com', 'active', '2000-01-01', 99999.99, 0, '2024-02-29 00:00:00');
INSERT INTO product VALUES (1, 'AB-100', 'Chair', 49.90, 10, 5), (2, 'ab-200', 'table', 199.00, 0, 0), (3, 'CD-1', 'Lamp', NULL, -3, NULL), (4, 'cd 20', NULL, 0.99, 500, 18446744073709551615), (5, 'X', 'chair', 49.90, 7, 4294967296);
INSERT INTO orders VALUES (1, 1, '2024-01-15 09:30:00', '2024-01-15 09:30:00.500', 'active', 3, 'Quick'), (2, 1, '2024-02-28 23:59:59', NULL, 'open', 1, NULL), (3, 2, '2023-12-31 00:00:00', '2023-12-31 00:00:00.001', 'open', 255, 'bob'), (4, NULL, '2024-03-31 12:00:00', '2024-03-31 12:00:00', NULL, NULL, '');
----
# the collation of a column of three queries, and of two of which one has one of the target's functions
flagged: SELECT JSON_QUOTE(email) AS c FROM customer UNION SELECT REVERSE(title) FROM product UNION SELECT LOWER(note) FROM orders WHERE id = 9
SELECT LOWER(name) AS c FROM customer UNION ALL SELECT SUBSTRING_INDEX(sku, ' ', -1) FROM product UNION ALL SELECT HEX(state) FROM orders WHERE id < 2 ORDER BY 1
# quotients that a set operation makes doubles
SELECT 1e2 AS c FROM customer UNION SELECT qty / 8 FROM orders
SELECT score AS c FROM customer UNION ALL SELECT price / 4 FROM product
# quotients of large numbers
SELECT id, FLOOR(sold) / id, CEIL(sold) / 3, ROUND(sold) / id, ABS(sold) / id, sold / id FROM product
# constants in an order are no places
SELECT id FROM customer ORDER BY ROUND(-1, 1), id
# labels and rows of a subquery
SELECT id FROM customer WHERE (id, status) IN (SELECT customer_id, 'active' FROM orders) ORDER BY id
SELECT id FROM customer WHERE (id, status) IN (SELECT customer_id, 'ACTIVE' FROM orders) ORDER BY id
SELECT id FROM customer WHERE (id, status) = (SELECT customer_id, 'active' FROM orders WHERE id = 1) ORDER BY id
SELECT id FROM customer WHERE (id, status) = (SELECT customer_id, note FROM orders WHERE id = 1) ORDER BY id
# literals beside moments
SELECT GREATEST('2024-01-31', placed), LEAST('2024-01-31', placed), GREATEST(placed, '2024-01-31 10:00:00') FROM orders
SELECT GREATEST('2024-01-31', exact), LEAST(exact, '2024-01-31'), GREATEST('2024-01-31 10:00:00', exact) FROM orders
refused: SELECT GREATEST(note, exact) FROM orders
refused: SELECT GREATEST('2024-02-30', placed) FROM orders
# what early versions answer in another way
flagged: SELECT COUNT(*), COUNT(score) FROM customer
flagged: SELECT COUNT(score), COUNT(id) FROM customer WHERE 1
SELECT COUNT(*), COUNT(score) FROM customer WHERE id > 0
SELECT COUNT(*), COUNT(score), SUM(score) FROM customer
flagged: SELECT SUM(GREATEST(id, score)), AVG(GREATEST(id, score)) FROM customer
SELECT SUM(GREATEST(score, id)) FROM customer
flagged: SELECT HEX(p.stock) FROM orders o RIGHT JOIN product p ON o.id = p.id ORDER BY UPPER(p.sku), o.id, p.id LIMIT 5
flagged: SELECT EXTRACT(DAY_HOUR FROM TIMESTAMP(born)) FROM customer
SELECT EXTRACT(DAY_HOUR FROM created) FROM customer
flagged: SELECT NULLIF('12abc', id) FROM orders
SELECT NULLIF('12abc', qty) FROM orders
flagged: SELECT id, COUNT(*) OVER (ORDER BY qty RANGE BETWEEN 2 PRECEDING AND 1 FOLLOWING) FROM orders ORDER BY id
flagged: SELECT credit * score AS c FROM customer UNION SELECT 0e0 FROM customer
