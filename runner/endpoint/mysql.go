package endpoint

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/go-sql-driver/mysql"
)

// dialTimeout bounds the opening of one connection.
const dialTimeout = 15 * time.Second

// Config is the TLS configuration of the endpoint, nil when the connection is plain. A replication client must use
// the same one as the SQL client.
func (e *Endpoint) Config() (*tls.Config, error) {
	if e.TLS.Mode == "disable" {
		return nil, nil
	}
	c := &tls.Config{ServerName: e.Host, MinVersion: tls.VersionTLS12}
	if e.TLS.Cert != "" {
		pair, err := tls.LoadX509KeyPair(e.TLS.Cert, e.TLS.Key)
		if err != nil {
			return nil, fmt.Errorf("load the client certificate: %w", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	if err := e.trust(c); err != nil {
		return nil, err
	}
	switch e.TLS.Mode {
	case "verify-full":
	case "verify-ca":
		verifyChainOnly(c)
	default:
		c.InsecureSkipVerify = true
	}
	return c, nil
}

func (e *Endpoint) trust(c *tls.Config) error {
	if e.TLS.CA == "" {
		return nil
	}
	pem, err := os.ReadFile(e.TLS.CA)
	if err != nil {
		return fmt.Errorf("read the CA file: %w", err)
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(pem) {
		return fmt.Errorf("CA file %s holds no certificate", e.TLS.CA)
	}
	return nil
}

// verifyChainOnly checks the chain and leaves out the host name, which crypto/tls cannot do by a switch.
func verifyChainOnly(c *tls.Config) {
	roots := c.RootCAs
	c.InsecureSkipVerify = true
	c.VerifyConnection = func(s tls.ConnectionState) error {
		if len(s.PeerCertificates) == 0 {
			return errors.New("the server sent no certificate")
		}
		inter := x509.NewCertPool()
		for _, p := range s.PeerCertificates[1:] {
			inter.AddCert(p)
		}
		_, err := s.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: inter})
		return err
	}
}

// MySQLConfig is the client configuration: utf8mb4, UTC, values as text, every session pinned to a neutral sql_mode
// so that what the server prints does not depend on its global settings.
func (e *Endpoint) MySQLConfig() (*mysql.Config, error) {
	if e.Kind != MySQL {
		return nil, fmt.Errorf("%s is not a MySQL or MariaDB endpoint", e)
	}
	c := mysql.NewConfig()
	c.User, c.Passwd, c.DBName = e.User, e.password, e.Database
	c.Net, c.Addr = "tcp", e.Address()
	if e.Socket != "" {
		c.Net = "unix"
	}
	c.Timeout = dialTimeout
	c.Loc = time.UTC
	c.AllowNativePasswords = true
	c.Collation = "utf8mb4_bin"
	c.Params = map[string]string{"sql_mode": "''", "time_zone": "'+00:00'"}
	for name := range e.Params {
		// The driver would run an unknown parameter as SET name = value.
		c.Params[name] = e.Params.Get(name)
	}
	t, err := e.Config()
	c.TLS = t
	return c, err
}

// OpenMySQL opens a pool and makes sure that the server answers.
func (e *Endpoint) OpenMySQL(ctx context.Context) (*sql.DB, error) {
	return e.OpenMySQLWith(ctx, func(*mysql.Config) {})
}

// OpenMySQLWith is OpenMySQL with a client configuration that tune has changed.
func (e *Endpoint) OpenMySQLWith(ctx context.Context, tune func(*mysql.Config)) (*sql.DB, error) {
	c, err := e.MySQLConfig()
	if err != nil {
		return nil, err
	}
	tune(c)
	conn, err := connector(c, e.TLS.Mode == "prefer")
	if err != nil {
		return nil, fmt.Errorf("configure %s: %w", e, err)
	}
	db := sql.OpenDB(conn)
	if err := greeted(ctx, db); err != nil {
		db.Close()
		return nil, e.nextStep(fmt.Errorf("connect to %s: %w", e, err))
	}
	return db, nil
}

// greetTimeout is how long a server that took the connection may be silent: MySQL's speaks first, one of another kind waits to be asked.
const greetTimeout = 30 * time.Second

// greeted makes sure that a server answers in its time.
func greeted(ctx context.Context, db *sql.DB) error {
	soon, done := context.WithTimeout(ctx, greetTimeout)
	defer done()
	err := db.PingContext(soon)
	if err != nil && ctx.Err() == nil && errors.Is(soon.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("no greeting within %v: the server is busy, or it is none of MySQL or MariaDB: %w", greetTimeout, err)
	}
	return err
}

func connector(c *mysql.Config, prefer bool) (driver.Connector, error) {
	secure, err := mysql.NewConnector(c)
	if err != nil || !prefer {
		return secure, err
	}
	p := c.Clone()
	p.TLS = nil
	plain, err := mysql.NewConnector(p)
	if err != nil {
		return nil, err
	}
	return preferTLS{secure, plain}, nil
}

// preferTLS tries a protected connection and falls back to a plain one, as libpq does for sslmode=prefer: for a
// server without TLS, and for one whose TLS is too old for Go's library.
type preferTLS struct{ secure, plain driver.Connector }

// Connect opens one connection.
func (p preferTLS) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := p.secure.Connect(ctx)
	if err == nil || !tlsFailed(err) {
		return c, err
	}
	return p.plain.Connect(ctx)
}

// Driver is the driver of the connections.
func (p preferTLS) Driver() driver.Driver { return p.secure.Driver() }

// tlsFailed tells an error of the TLS handshake from a refused login and from a server that is not there.
func tlsFailed(err error) bool {
	var refused *mysql.MySQLError
	if errors.As(err, &refused) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var op *net.OpError
	return !(errors.As(err, &op) && op.Op == "dial")
}
