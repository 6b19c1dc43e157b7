using Sluice.Sandbox.Snowflake.Catalog;
using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Sql;
using Sluice.Sandbox.Snowflake.Statements;
using Sluice.Sandbox.Snowflake.Wire;
using static Sluice.Sandbox.Snowflake.Results.ResultColumn;

namespace Sluice.Sandbox.Snowflake.Shows;

internal enum GrantsView
{
    On,
    To,
    Of,
    FutureIn,
    FutureTo,
}

/// <summary>SHOW [FUTURE] GRANTS in its five forms.</summary>
internal sealed class ShowGrants(GrantsView view, Domain domain, ObjectName? name) : Statement
{
    private static readonly ResultColumn[] Columns =
    [
        Instant("created_on"), Text("privilege"), Text("granted_on"), Text("name"), Text("granted_to"), Text("grantee_name"), Text("grant_option"), Text("granted_by"),
    ];

    public ShowFilter Filter { get; set; } = new(null, null, null, null);

    public override bool Writes => false;

    public override bool IsQuery => true;

    public override Outcome Execute(StatementContext context)
    {
        var (columns, rows) = view switch
        {
            GrantsView.On => ([.. Columns, Text("granted_by_role_type")], On(context)),
            GrantsView.Of => ([Instant("created_on"), Text("role"), Text("granted_to"), Text("grantee_name"), Text("granted_by")], Of(context)),
            GrantsView.To when domain == Domain.User => ([.. Columns[..4], Text("role"), .. Columns[4..]], GrantRows.To(context, name is null ? context.Session.User : context.User(name.Name))),
            GrantsView.To => (Columns, GrantRows.To(context, (RoleState)context.Find(domain, name!))),
            _ => ((ResultColumn[])[Instant("created_on"), Text("privilege"), Text("grant_on"), Text("name"), Text("grant_to"), Text("grantee_name"), Text("grant_option")], Future(context)),
        };
        var nameIndex = Array.FindIndex(columns, column => column.Name is "name" or "role");
        return new(columns, Filter.Apply(rows, nameIndex, context.Runtime.Options.ShowCap)) { StatementType = StatementTypes.Show };
    }

    private IEnumerable<object?[]> On(StatementContext context)
    {
        var securable = context.Find(domain, name ?? new(null, null, ""));
        if (securable is not (AccountSecurable or RoleState) && !context.Access.Sees(securable)) throw SnowflakeException.Missing(domain, name!.ToString());
        return GrantRows.On(context.Account, securable);
    }

    private IEnumerable<object?[]> Of(StatementContext context)
    {
        var role = (RoleState)context.Find(domain, name!);
        var toUsers = context.Account.Users.Values.SelectMany(user => user.Roles.Where(grant => grant.Role == role).Select(grant => (grant, "USER", user.Name)));
        var toRoles = context.Account.AllRoles.SelectMany(other => other.Granted.Where(grant => grant.Role == role)
            .Select(grant => (grant, other.Domain.Underscored(), other.Database is null ? other.Name : other.FullName)));
        return toUsers.Concat(toRoles).Select(found => (object?[])[found.grant.On, role.Name, found.Item2, found.Item3, found.grant.GrantedBy?.Name ?? ""]);
    }

    private IEnumerable<object?[]> Future(StatementContext context)
    {
        var found = context.Find(domain, name!);
        return context.Account.Grants.Future
            .Where(future => view == GrantsView.FutureIn ? ReferenceEquals(future.Container, found) : ReferenceEquals(future.Grantee, found))
            .Select(future => (object?[])
            [
                future.On, future.Privilege, future.Domain.Underscored(), $"{future.Container.FullName}.<{future.Domain.Underscored()}>", future.Grantee.Domain.Underscored(),
                future.Grantee.Name, future.WithGrantOption ? "true" : "false",
            ]);
    }
}
