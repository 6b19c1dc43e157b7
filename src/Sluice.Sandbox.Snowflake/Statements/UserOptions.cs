using System.Text.RegularExpressions;
using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>What CREATE USER and ALTER USER SET give a user.</summary>
internal static partial class UserOptions
{
    public static void Apply(UserState user, IReadOnlyDictionary<string, string> options)
    {
        foreach (var (key, value) in options)
        {
            switch (key)
            {
                case "PASSWORD": user.Password = value; break;
                case "LOGIN_NAME": user.LoginName = value.ToUpperInvariant(); break;
                case "EMAIL": user.Email = value; break;
                case "DEFAULT_ROLE": user.DefaultRole = value; break;
                case "DEFAULT_WAREHOUSE": user.DefaultWarehouse = value; break;
                case "DEFAULT_NAMESPACE": user.DefaultNamespace = value; break;
                case "DEFAULT_SECONDARY_ROLES": user.SecondaryRolesAll = value.Contains("ALL", StringComparison.OrdinalIgnoreCase); break;
                case "DISABLED": user.Disabled = value == "TRUE"; break;
                case "TYPE": user.Type = value; break;
                case "RSA_PUBLIC_KEY": user.PublicKey = Key(value); break;
                case "RSA_PUBLIC_KEY_2": user.PublicKey2 = Key(value); break;
            }
        }
    }

    public static void Unset(UserState user, string key)
    {
        switch (key)
        {
            case "PASSWORD": user.Password = null; break;
            case "RSA_PUBLIC_KEY": user.PublicKey = null; break;
            case "RSA_PUBLIC_KEY_2": user.PublicKey2 = null; break;
            case "DEFAULT_ROLE": user.DefaultRole = null; break;
            case "DEFAULT_WAREHOUSE": user.DefaultWarehouse = null; break;
            case "DEFAULT_NAMESPACE": user.DefaultNamespace = null; break;
            case "DEFAULT_SECONDARY_ROLES": user.SecondaryRolesAll = true; break;
            case "DISABLED": user.Disabled = false; break;
        }
    }

    /// <summary>A public key in PEM or its base 64 alone, as base 64 alone.</summary>
    public static string Key(string text)
    {
        var bare = Lines().Replace(text, "");
        using var key = System.Security.Cryptography.RSA.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(bare), out _);
            return bare;
        }
        catch (Exception problem) when (problem is FormatException or System.Security.Cryptography.CryptographicException)
        {
            throw new SnowflakeException("390206", "22023", "New public key rejected by current policy. Reason: 'Invalid public key'.");
        }
    }

    [GeneratedRegex(@"-----[A-Z ]+-----|\s", RegexOptions.None, 1000)]
    private static partial Regex Lines();
}
