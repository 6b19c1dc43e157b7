using Sluice.Sandbox.Snowflake.Results;
using Sluice.Sandbox.Snowflake.Statements;
using static Sluice.Sandbox.Snowflake.Results.ResultColumn;

namespace Sluice.Sandbox.Snowflake.Shows;

/// <summary>SHOW VARIABLES.</summary>
internal sealed class ShowVariables(string? like) : Statement
{
    public override bool Writes => false;

    public override bool IsQuery => true;

    public override Outcome Execute(StatementContext context) => new(
        [Number("session_id"), Instant("created_on"), Instant("updated_on"), Text("name"), Text("value"), Text("type"), Text("comment")],
        new ShowFilter(like, null, null, null).Apply(
            context.Session.Variables.OrderBy(variable => variable.Key, StringComparer.Ordinal).Select(variable => (object?[])
                [context.Session.Id, context.Now, context.Now, variable.Key, variable.Value.Trim('\''), "text", ""]),
            3,
            context.Runtime.Options.ShowCap)) { StatementType = StatementTypes.Show };
}

/// <summary>SHOW PARAMETERS: those of the session, whatever is asked for.</summary>
internal sealed class ShowParameters(string? like) : Statement
{
    public override bool Writes => false;

    public override bool IsQuery => true;

    public override Outcome Execute(StatementContext context) => new(
        [Text("key"), Text("value"), Text("default"), Text("level"), Text("description"), Text("type")],
        new ShowFilter(like, null, null, null).Apply(
            context.Session.Parameters.All().Select(parameter => (object?[])
                [parameter.Key, parameter.Value, parameter.Default, parameter.Level, parameter.Description, parameter.Type]),
            0,
            context.Runtime.Options.ShowCap)) { StatementType = StatementTypes.Show };
}
