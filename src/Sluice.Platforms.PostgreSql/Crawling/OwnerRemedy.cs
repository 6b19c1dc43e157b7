using Sluice.Platforms.PostgreSql.Login;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Crawling;

/// <summary>What lets the account grant on a role's tables: in PostgreSQL only the owner, a member of it or a superuser can.</summary>
internal static class OwnerRemedy
{
    /// <summary>The remedy, in a sentence or two.</summary>
    /// <param name="account">The service account.</param>
    /// <param name="serverVersion">The server's major version.</param>
    /// <param name="owner">The role.</param>
    /// <param name="isSuperuser">Whether it is a superuser.</param>
    public static string Of(string account, int serverVersion, SharedText owner, bool isSuperuser)
    {
        if (!owner.IsExact) return "Its name is not UTF-8, so that nobody can say how to name it: rename the role (ALTER ROLE … RENAME TO …)";
        if (isSuperuser)
        {
            return "It is a superuser, and whoever is a member of it could become one: give the tables another owner "
                + "(ALTER TABLE … OWNER TO …) and make the account a member of that";
        }

        // Since 16 a membership may be without SET, and a grant that doesn't name the option leaves it so.
        var options = serverVersion >= 16 ? " WITH SET TRUE" : "";
        return $"Remedy: GRANT {Quote.Identifier(owner.Text)} TO {Quote.Identifier(account)}{options}";
    }
}
