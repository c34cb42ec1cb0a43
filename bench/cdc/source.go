package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/go-sql-driver/mysql"
)

// database is the source's database.
const database = "godwit_cdc"

const (
	accounts = 10_000
	seed     = 50_000 // orders and items before the backlog
)

// tables are the shop's tables; %s takes the foreign keys.
var tables = []string{
	`CREATE TABLE accounts (id INT PRIMARY KEY, balance BIGINT NOT NULL, changed DATETIME(6) NOT NULL)`,
	`CREATE TABLE orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, number VARCHAR(40) NOT NULL UNIQUE, account INT NOT NULL,
		state ENUM('new','paid','sent','done') NOT NULL, total DECIMAL(12,2) NOT NULL, placed DATETIME NOT NULL, note VARCHAR(200)%s)`,
	`CREATE TABLE items (id BIGINT AUTO_INCREMENT PRIMARY KEY, order_id BIGINT NOT NULL, product INT NOT NULL, quantity INT NOT NULL,
		price DECIMAL(12,2) NOT NULL, KEY (order_id)%s)`,
	`CREATE TABLE transfers (id BIGINT AUTO_INCREMENT PRIMARY KEY, a INT NOT NULL, b INT NOT NULL, amount INT NOT NULL, at DATETIME(6) NOT NULL)`,
	`CREATE TABLE history (id BIGINT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(40) NOT NULL, ref BIGINT NOT NULL, at DATETIME(6) NOT NULL)`,
	`CREATE TABLE ticks (id BIGINT PRIMARY KEY, mark VARCHAR(20) NOT NULL)`,
}

var foreignKeys = map[int]string{
	1: ", CONSTRAINT orders_account FOREIGN KEY (account) REFERENCES accounts (id)",
	2: ", CONSTRAINT items_order FOREIGN KEY (order_id) REFERENCES orders (id)",
}

// procedures write on the server, so that the writers' round trips do not limit the rate. Every one-row statement of
// shop is a transaction of its own; a transfer is a transaction of three rows. Each changes about the rows it is told.
var procedures = []string{`CREATE PROCEDURE shop(w INT, first INT, n INT)
BEGIN
	DECLARE i INT DEFAULT 0;
	DECLARE o BIGINT DEFAULT 0;
	DECLARE a INT;
	DECLARE b INT;
	WHILE i < n DO
		SET a = (first + i) * 7919 % 10000 + 1;
		CASE i % 20
		WHEN 0 THEN
			INSERT INTO orders (number, account, state, total, placed, note) VALUES (CONCAT('N', w, '-', first + i), a, 'new', i / 7, NOW(), REPEAT('x', i % 60));
			SET o = LAST_INSERT_ID();
		WHEN 4 THEN UPDATE orders SET state = 'paid', total = total + 1 WHERE id = o;
		WHEN 6 THEN UPDATE accounts SET balance = balance, changed = NOW(6) WHERE id = a;
		WHEN 8 THEN DELETE FROM items WHERE order_id = o LIMIT 1;
		WHEN 12 THEN UPDATE orders SET state = 'sent' WHERE id = o;
		WHEN 14 THEN
			SET b = a % 10000 + 1;
			START TRANSACTION;
			UPDATE accounts SET balance = balance - i % 50, changed = NOW(6) WHERE id = LEAST(a, b);
			UPDATE accounts SET balance = balance + i % 50, changed = NOW(6) WHERE id = GREATEST(a, b);
			INSERT INTO transfers (a, b, amount, at) VALUES (LEAST(a, b), GREATEST(a, b), i % 50, NOW(6));
			COMMIT;
			SET i = i + 2;
		WHEN 18 THEN UPDATE items SET quantity = quantity + 1 WHERE order_id = o LIMIT 1;
		ELSE
			IF i % 2 THEN INSERT INTO items (order_id, product, quantity, price) VALUES (o, i, 1, 9.99);
			ELSE INSERT INTO history (what, ref, at) VALUES ('seen', o, NOW(6)); END IF;
		END CASE;
		SET i = i + 1;
	END WHILE;
END`, `CREATE PROCEDURE bulk(n INT)
BEGIN
	INSERT INTO history (what, ref, at) SELECT 'bulk', id, NOW(6) FROM items ORDER BY id LIMIT n;
	UPDATE items SET price = price + 1 ORDER BY id LIMIT n;
END`, `CREATE PROCEDURE fill(n INT)
BEGIN
	DECLARE i INT DEFAULT 1;
	START TRANSACTION;
	WHILE i <= 10000 DO INSERT INTO accounts VALUES (i, 1000, NOW(6)); SET i = i + 1; END WHILE;
	SET i = 1;
	WHILE i <= n DO
		INSERT INTO orders VALUES (i, CONCAT('S', i), i % 10000 + 1, 'done', i, NOW(), 'before');
		INSERT INTO items VALUES (i, i, i % 100, 1, 1.5);
		SET i = i + 1;
	END WHILE;
	INSERT INTO ticks VALUES (0, '');
	COMMIT;
END`}

// source is the server that is written to.
type source struct {
	b   *bench
	db  *sql.DB
	url string
}

func (b *bench) openSource(ctx context.Context) (*source, error) {
	cfg := mysql.NewConfig()
	rest := b.source[strings.Index(b.source, "://")+3:]
	cfg.User, cfg.Net = "root", "tcp"
	if user, host, ok := strings.Cut(rest, "@"); ok {
		cfg.User, rest = user, host
	}
	cfg.Addr = strings.TrimSuffix(rest, "/")
	s := &source{b: b, url: strings.TrimSuffix(b.source, "/") + "/" + database}
	admin, err := sql.Open("mysql", cfg.FormatDSN())
	if err != nil {
		return nil, err
	}
	defer admin.Close()
	cfg.DBName = database
	if s.db, err = sql.Open("mysql", cfg.FormatDSN()); err != nil || b.reuse {
		return s, err
	}
	for _, q := range []string{"DROP DATABASE IF EXISTS " + database, "CREATE DATABASE " + database + " CHARACTER SET utf8mb4"} {
		if _, err := admin.ExecContext(ctx, q); err != nil {
			return nil, fmt.Errorf("make the source's database: %w", err)
		}
	}
	return s, s.make(ctx)
}

// make makes and fills the tables.
func (s *source) make(ctx context.Context) error {
	for i, q := range tables {
		if strings.Contains(q, "%s") {
			keys := foreignKeys[i]
			if !s.b.keys {
				keys = ""
			}
			q = fmt.Sprintf(q, keys)
		}
		if err := s.exec(ctx, q); err != nil {
			return err
		}
	}
	for _, q := range procedures {
		if err := s.exec(ctx, q); err != nil {
			return err
		}
	}
	return s.exec(ctx, fmt.Sprintf("CALL fill(%d)", seed))
}

func (s *source) close() {
	if !s.b.keep {
		_ = s.exec(context.Background(), "DROP DATABASE "+database) // the server is the run's own or cleaned by hand
	}
	s.db.Close()
}

func (s *source) exec(ctx context.Context, q string) error {
	if _, err := s.db.ExecContext(ctx, q); err != nil {
		return fmt.Errorf("source: %.60s: %w", q, err)
	}
	return nil
}

// written is what a writer did.
type written struct {
	transactions, rows int
	took               time.Duration
}

// backlog writes what is drained later.
func (s *source) backlog(ctx context.Context) (written, error) {
	began := time.Now()
	small := s.b.rows - 4*s.b.bulk - s.b.large
	each := small / s.b.writers
	var wg sync.WaitGroup
	errs := make([]error, s.b.writers+1)
	for w := range s.b.writers {
		wg.Go(func() { errs[w] = s.exec(ctx, fmt.Sprintf("CALL shop(%d, 0, %d)", w, each)) })
	}
	done := make(chan struct{})
	var marks sync.WaitGroup
	marks.Go(func() { errs[s.b.writers] = s.marks(ctx, done) })
	wg.Wait()
	close(done)
	marks.Wait()
	did := written{transactions: each * s.b.writers * 18 / 20, rows: each * s.b.writers}
	if s.b.bulk > 0 {
		for range 2 {
			if err := s.exec(ctx, fmt.Sprintf("CALL bulk(%d)", s.b.bulk)); err != nil {
				return did, err
			}
		}
		did.rows += 4 * s.b.bulk
		did.transactions += 4
	}
	if err := s.huge(ctx); err != nil {
		return did, err
	}
	did.rows += s.b.large
	did.took = time.Since(began)
	return did, errors.Join(errs...)
}

// marks writes ticks between the transactions of the backlog, by which a replay tells how far it is.
func (s *source) marks(ctx context.Context, done <-chan struct{}) error {
	for id := int64(1); ; id++ {
		if err := s.exec(ctx, tickText(id)); err != nil {
			return err
		}
		select {
		case <-done:
			return nil
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// tickText is the statement of a tick. Its mark can be found in the bytes of the log.
func tickText(id int64) string {
	return fmt.Sprintf("INSERT INTO ticks VALUES (%d, '%s%010d')", id, mark, id)
}

const mark = "godwittick"

// huge writes one transaction of large rows.
func (s *source) huge(ctx context.Context) error {
	if s.b.large == 0 {
		return nil
	}
	c, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := c.ExecContext(ctx, "START TRANSACTION"); err != nil {
		return err
	}
	for n := 0; n < s.b.large; n += seed {
		if _, err := c.ExecContext(ctx, fmt.Sprintf("INSERT INTO history (what, ref, at) SELECT 'large', id, NOW(6) FROM items ORDER BY id LIMIT %d", min(seed, s.b.large-n))); err != nil {
			return fmt.Errorf("write the large transaction: %w", err)
		}
	}
	_, err = c.ExecContext(ctx, "COMMIT")
	return err
}
