// Package target makes the PostgreSQL databases that benchmarks and the demonstration move rows to.
package target

import (
	"context"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"
)

// URL is that of another database on the same server.
func URL(server, name string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", fmt.Errorf("read the target's URL: %w", err)
	}
	u.Path = "/" + name
	return u.String(), nil
}

// Create makes an empty database on the server that a URL names, and returns its URL. One of the same name is an error.
func Create(ctx context.Context, server, name string) (string, error) {
	return create(ctx, server, name, "CREATE DATABASE "+quote(name))
}

// Replace is Create in place of a database of the same name.
func Replace(ctx context.Context, server, name string) (string, error) {
	return create(ctx, server, name, drop(name), "CREATE DATABASE "+quote(name))
}

// Copy is Replace with a copy of another database.
func Copy(ctx context.Context, server, name, of string) (string, error) {
	return create(ctx, server, name, drop(name), "CREATE DATABASE "+quote(name)+" TEMPLATE "+quote(of))
}

func create(ctx context.Context, server, name string, statements ...string) (string, error) {
	if err := exec(ctx, server, statements...); err != nil {
		return "", fmt.Errorf("make the target database: %w", err)
	}
	return URL(server, name)
}

// Drop drops databases.
func Drop(ctx context.Context, server string, names ...string) error {
	statements := make([]string, len(names))
	for i, n := range names {
		statements[i] = drop(n)
	}
	if err := exec(ctx, server, statements...); err != nil {
		return fmt.Errorf("drop the target databases: %w", err)
	}
	return nil
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

func drop(name string) string { return "DROP DATABASE IF EXISTS " + quote(name) + " WITH (FORCE)" }

func exec(ctx context.Context, server string, statements ...string) error {
	pg, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("connect to the target: %w", err)
	}
	defer pg.Close(context.WithoutCancel(ctx))
	for _, s := range statements {
		if _, err := pg.Exec(ctx, s); err != nil {
			return err
		}
	}
	return nil
}
