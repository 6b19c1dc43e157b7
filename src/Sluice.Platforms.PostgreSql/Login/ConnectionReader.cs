using Sluice.Core.Connections;
using Sluice.Core.Payloads;
using Sluice.Platforms.Egress;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Login;

/// <summary>Reads the <c>connection</c> object of a payload.</summary>
internal static class ConnectionReader
{
    public const string PasswordMember = "password";

    public static ConnectionSpec? Read(PayloadObject connection, ConnectionSpec? stored, EgressGuard egress)
    {
        var problems = connection.Problems;
        var before = problems.Count;

        Expect(connection, "technology", Technology.PostgreSql.Name);
        Expect(connection, "authenticationType", ServerTarget.AuthenticationType);
        var hostname = connection.RequiredString("hostname");
        var port = connection.OptionalInteger("port", 1, 65535) ?? ServerTarget.DefaultPort;
        var database = connection.OptionalString("database") ?? ServerTarget.DefaultDatabase;
        var username = connection.RequiredString("username");
        var mode = connection.OptionalChoice("sslMode", TlsModes.Names) ?? TlsModes.Default;
        var certificate = connection.OptionalString("sslRootCertificate");
        var password = Password(connection);

        if (hostname is not null && egress.Problem(hostname, []) is { } hostProblem) connection.Reject("hostname", hostProblem);
        if (Quote.NameProblem(database) is { } databaseProblem) connection.Reject("database", databaseProblem);
        if (username is not null && Quote.NameProblem(username) is { } userProblem) connection.Reject("username", userProblem);
        if (mode == TlsMode.Disable.Name() && hostname is not null && !EgressGuard.IsLoopback(hostname))
            connection.Reject("sslMode", "may be disable only towards loopback; use verify-full, verify-ca or require");
        if (certificate is not null) CheckCertificate(connection, certificate, mode);
        else if (mode == TlsMode.VerifyCa.Name() && !connection.Has("sslRootCertificate")) RequireCertificate(connection);

        if (hostname is null || username is null || problems.Count > before)
        {
            RequirePassword(connection, password, stored, destination: null);
            connection.RejectUnread();
            return null;
        }

        var target = new ServerTarget(hostname, port, database, username, TlsModes.Parse(mode), certificate);
        RequirePassword(connection, password, stored, target.SecretDestination());
        connection.RejectUnread();
        if (problems.Count > before) return null;
        return new ConnectionSpec
        {
            Technology = Technology.PostgreSql,
            AuthenticationType = ServerTarget.AuthenticationType,
            Document = target.ToDocument(),
            Secrets = new Dictionary<string, SecretInput>(StringComparer.Ordinal) { [PasswordMember] = password! },
            SecretDestination = target.SecretDestination(),
        };
    }

    private static void Expect(PayloadObject connection, string member, string only)
    {
        if (connection.RequiredString(member) is not null) connection.OptionalChoice(member, only);
    }

    /// <summary>The password as the payload has it; null after a problem with it.</summary>
    private static SecretInput? Password(PayloadObject connection)
    {
        var before = connection.Problems.Count;
        var password = connection.Secret(PasswordMember);
        if (password is SecretInput.Literal { Value: var value } && value.Contains('\0'))
            connection.Reject(PasswordMember, "holds a NUL character");
        return connection.Problems.Count > before ? null : password;
    }

    private static void RequirePassword(PayloadObject connection, SecretInput? password, ConnectionSpec? stored, string? destination)
    {
        if (password is not SecretInput.Kept) return;
        if (stored is null || !stored.Secrets.ContainsKey(PasswordMember))
            connection.Reject(PasswordMember, "is required");
        else if (destination is not null && destination != stored.SecretDestination)
            connection.Reject(PasswordMember, "must be brought again: hostname, port, username, sslMode or sslRootCertificate changed");
    }

    // The system's authorities sign for anyone: with them and any name, any server on the way would do. libpq refuses the like
    // (PostgreSQL documentation, sslrootcert=system).
    private static void RequireCertificate(PayloadObject connection) => connection.Reject(
        "sslRootCertificate",
        "is required with sslMode verify-ca: without it anyone with a public certificate could stand in the server's place; or use verify-full");

    private static void CheckCertificate(PayloadObject connection, string certificate, string mode)
    {
        if (RootCertificates.Problem(certificate) is { } problem) connection.Reject("sslRootCertificate", problem);
        if (!TlsModes.Parse(mode).Verifies())
            connection.Reject("sslRootCertificate", $"is not looked at with sslMode {mode}; use verify-full or verify-ca");
    }
}
