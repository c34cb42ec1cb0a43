package change

import (
	"crypto/tls"
	"errors"
)

// transientError marks an error that may go away when the work is tried again.
type transientError struct{ error }

// Unwrap returns the marked error.
func (e transientError) Unwrap() error { return e.error }

// Transient marks an error as worth trying again; whoever meets the error first decides. Nil stays nil, and a certificate
// that is not trusted stays an error for good.
func Transient(err error) error {
	var untrusted *tls.CertificateVerificationError
	if err == nil || IsTransient(err) || errors.As(err, &untrusted) {
		return err
	}
	return transientError{err}
}

// IsTransient tells whether an error was marked by Transient.
func IsTransient(err error) bool {
	var t transientError
	return errors.As(err, &t)
}
