using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Sandbox.Aws.Identity;

/// <summary>Access keys of users, and the sessions of assumed roles.</summary>
internal sealed class CredentialStore
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private readonly string accountId;
    private readonly ConcurrentDictionary<string, SandboxPrincipal> principals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Secret, string Name)> keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Session> sessions = new(StringComparer.Ordinal);

    public CredentialStore(string accountId, IEnumerable<SandboxPrincipal> cast)
    {
        this.accountId = accountId;
        foreach (var principal in cast)
        {
            principals[principal.Name] = principal;
            if (!principal.IsRole)
            {
                var key = KeyOf(principal.Name);
                keys[key.AccessKeyId] = (key.SecretAccessKey, principal.Name);
            }
        }
    }

    public IEnumerable<SandboxPrincipal> All => principals.Values.OrderBy(principal => principal.Name, StringComparer.Ordinal);

    /// <summary>The same user has the same key in every sandbox, so that a demo survives its restart.</summary>
    public AwsSandboxCredentials KeyOf(string user)
    {
        var hash = SHA512.HashData(Encoding.UTF8.GetBytes($"sluice-sandbox/{accountId}/{user}"));
        return new("AKIA" + Spell(hash.AsSpan(0, 16)), Convert.ToBase64String(hash.AsSpan(16, 30)));
    }

    public SandboxPrincipal? Find(string name) => principals.GetValueOrDefault(name);

    public void Replace(SandboxPrincipal principal) => principals[principal.Name] = principal;

    public SandboxPrincipal? FindRole(string arn) =>
        principals.Values.FirstOrDefault(principal => principal.IsRole && principal.ArnIn(accountId) == arn);

    public IssuedSession Issue(SandboxPrincipal role, string sessionName, DateTimeOffset expires)
    {
        var issued = new IssuedSession(
            "ASIA" + Spell(RandomNumberGenerator.GetBytes(16)),
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(30)),
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(192)),
            expires);
        sessions[issued.AccessKeyId] = new(issued, role.Name, sessionName);
        return issued;
    }

    /// <summary>The secret and the caller behind an access key, or what AWS says of it.</summary>
    public (string Secret, Caller Caller)? Resolve(string accessKeyId, string? token, DateTimeOffset now, out KeyProblem problem)
    {
        problem = KeyProblem.Unknown;
        if (keys.TryGetValue(accessKeyId, out var key) && principals.TryGetValue(key.Name, out var user))
        {
            // A token beside a long-term key is no valid pair.
            if (token is not null) return null;
            problem = KeyProblem.None;
            var arn = user.ArnIn(accountId);
            return (key.Secret, new(user, arn, arn, user.AccountId ?? accountId, UniqueId("AIDA", user.Name), IsSession: false));
        }

        if (!sessions.TryGetValue(accessKeyId, out var session) || !principals.TryGetValue(session.Role, out var role)) return null;
        if (token is null || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(session.Issued.SessionToken))) return null;
        problem = session.Issued.Expires <= now ? KeyProblem.Expired : KeyProblem.None;
        var account = role.AccountId ?? accountId;
        var caller = new Caller(
            role,
            $"arn:aws:sts::{account}:assumed-role/{role.Name}/{session.Name}",
            role.ArnIn(accountId),
            account,
            $"{RoleId(role.Name)}:{session.Name}",
            IsSession: true);
        return (session.Issued.SecretAccessKey, caller);
    }

    public static string RoleId(string role) => UniqueId("AROA", role);

    public void ForgetSessions() => sessions.Clear();

    private static string UniqueId(string prefix, string name) =>
        prefix + Spell(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 17));

    private static string Spell(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var value in bytes) text.Append(Base32[value & 31]);
        return text.ToString();
    }

    private sealed record Session(IssuedSession Issued, string Role, string Name);
}

/// <summary>What AssumeRole answers.</summary>
internal sealed record IssuedSession(string AccessKeyId, string SecretAccessKey, string SessionToken, DateTimeOffset Expires);

internal enum KeyProblem
{
    None,
    Unknown,
    Expired,
}
