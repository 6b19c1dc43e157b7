using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Wire;

namespace Sluice.Sandbox.Snowflake.Statements;

/// <summary>
/// ALTER USER and ALTER ACCOUNT … SET | UNSET SESSION POLICY. One that is set is unset first
/// (https://docs.snowflake.com/en/user-guide/session-policies-using, which has the privilege on the account or one user too), or replaced by FORCE (https://docs.snowflake.com/en/sql-reference/sql/alter-user).
/// </summary>
internal sealed class SessionPolicyStatement(AlterHead head, ObjectName? policy, bool force) : AlterStatement(head)
{
    protected override void Authorise(StatementContext context, Securable found)
    {
        const string Apply = "APPLY SESSION POLICY";
        if (!context.Access.Has(context.Account.Self, Apply) && !context.Access.Has(found, Apply)) throw SnowflakeException.Insufficient(found.Domain, found.Name);
    }

    protected override void Change(StatementContext context, Securable found)
    {
        var set = policy is null ? null : context.Object(Domain.SessionPolicy, policy, "SET SESSION POLICY");
        var known = found is UserState user ? user.SessionPolicy : ((AccountSecurable)found).SessionPolicy;
        if (set is not null && known is not null && !force) throw SnowflakeException.Invalid($"{found.Domain.Words()} '{found.Name}' already has a SESSION_POLICY. Only one SESSION_POLICY is allowed at a time.");
        if (found is UserState changed) changed.SessionPolicy = set;
        else ((AccountSecurable)found).SessionPolicy = set;
    }
}
