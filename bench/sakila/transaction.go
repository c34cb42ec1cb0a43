package sakila

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
)

// transaction is one unit of the writer's work.
type transaction struct {
	ctx context.Context
	tx  *sql.Tx
	rnd *rand.Rand
}

// change runs a statement and returns errNothing when it changed no row.
func (t *transaction) change(query string, args ...any) error {
	res, err := t.tx.ExecContext(t.ctx, query, args...)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		return errNothing
	}
	return err
}

// insert returns the number that the server gave to the row.
func (t *transaction) insert(query string, args ...any) (int64, error) {
	res, err := t.tx.ExecContext(t.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// some returns a random existing key: the first at or after a random place,
// or the first of all.
func (t *transaction) some(table, key string) (int64, error) {
	var last, id int64
	if err := t.tx.QueryRowContext(t.ctx, fmt.Sprintf("SELECT MAX(%s) FROM %s", key, table)).Scan(&last); err != nil {
		return 0, err
	}
	query := fmt.Sprintf("SELECT %s FROM %s WHERE %s >= ? ORDER BY %s LIMIT 1", key, table, key, key)
	err := t.tx.QueryRowContext(t.ctx, query, 1+t.rnd.Int64N(last)).Scan(&id)
	return id, err
}

// cents is an amount of money as the server reads a decimal.
func cents(n int) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }

// take lowers a payment, which never falls below nothing.
func (t *transaction) take(amount string, payment int64) error {
	return t.change("UPDATE payment SET amount = amount - ? WHERE payment_id = ? AND amount >= ?", amount, payment, amount)
}

// give raises a payment, as far as DECIMAL(5,2) holds.
func (t *transaction) give(amount string, payment int64) error {
	return t.change("UPDATE payment SET amount = amount + ? WHERE payment_id = ? AND amount <= 999.99 - ?", amount, payment, amount)
}

func (t *transaction) transfer() error {
	from, err := t.some("payment", "payment_id")
	if err != nil {
		return err
	}
	to, err := t.some("payment", "payment_id")
	if err != nil {
		return err
	}
	if from == to {
		return errNothing
	}
	amount := cents(1 + t.rnd.IntN(200))
	if err := t.take(amount, from); err != nil {
		return err
	}
	return t.give(amount, to)
}

func (t *transaction) rent() error {
	inventory, err := t.some("inventory", "inventory_id")
	if err != nil {
		return err
	}
	customer, err := t.some("customer", "customer_id")
	if err != nil {
		return err
	}
	payer, err := t.some("payment", "payment_id")
	if err != nil {
		return err
	}
	staff := 1 + t.rnd.IntN(2)
	amount := cents(1 + t.rnd.IntN(300))
	if err := t.take(amount, payer); err != nil {
		return err
	}
	// The table's triggers set both dates to the current time.
	rental, err := t.insert("INSERT INTO rental (rental_date, inventory_id, customer_id, staff_id) VALUES (NOW(), ?, ?, ?)", inventory, customer, staff)
	if err != nil {
		return err
	}
	_, err = t.insert("INSERT INTO payment (customer_id, staff_id, rental_id, amount, payment_date) VALUES (?, ?, ?, ?, NOW())", customer, staff, rental, amount)
	return err
}

func (t *transaction) giveBack() error {
	rental, err := t.some("rental", "rental_id")
	if err != nil {
		return err
	}
	return t.change("UPDATE rental SET return_date = NOW() - INTERVAL ? SECOND WHERE rental_id = ?", t.rnd.IntN(100000), rental)
}

// streets have what a copy may spoil: letters beyond ASCII and the BMP's
// three bytes (the column is utf8mb3), quotes, backslashes, line ends, blanks.
var streets = []string{"Überseering 12", "rue de l'Église", `C:\maps\42`, "東京都千代田区 1-1", "two\nlines\tand tab", "trailing blank ", "Ελλάδα 3"}

func (t *transaction) customer() error {
	customer, err := t.some("customer", "customer_id")
	if err != nil {
		return err
	}
	if t.rnd.IntN(2) == 0 {
		return t.change("UPDATE customer SET active = NOT active, email = IF(email IS NULL, CONCAT(customer_id, '@sakilacustomer.org'), NULL) WHERE customer_id = ?", customer)
	}
	street := fmt.Sprintf("%s #%d", streets[t.rnd.IntN(len(streets))], t.rnd.IntN(1000))
	return t.change("UPDATE address a JOIN customer c ON c.address_id = a.address_id SET a.address = ?, a.address2 = NULLIF(a.address, ?) WHERE c.customer_id = ?", street, street, customer)
}

func (t *transaction) cancel() error {
	rental, err := t.some("rental", "rental_id")
	if err != nil {
		return err
	}
	var sum string
	err = t.tx.QueryRowContext(t.ctx, "SELECT COALESCE(SUM(amount), 0) FROM payment WHERE rental_id = ? FOR UPDATE", rental).Scan(&sum)
	if err != nil {
		return err
	}
	if _, err := t.tx.ExecContext(t.ctx, "DELETE FROM payment WHERE rental_id = ?", rental); err != nil {
		return err
	}
	if err := t.change("DELETE FROM rental WHERE rental_id = ?", rental); err != nil {
		return err
	}
	if sum == "0" || sum == "0.00" {
		return nil
	}
	other, err := t.some("payment", "payment_id")
	if err != nil {
		return err
	}
	return t.give(sum, other)
}

func (t *transaction) forget() error {
	rental, err := t.some("rental", "rental_id")
	if err != nil {
		return err
	}
	return t.change("DELETE FROM rental WHERE rental_id = ?", rental)
}
