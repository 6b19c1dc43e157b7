using System.Text;
using Sluice.Platforms.Snowflake.Sql;

namespace Sluice.Platforms.Snowflake.Setup;

/// <summary>
/// Writes the statements of a script that look at an object's comment before anything is done with the object. They are plain SQL, so that they run
/// wherever a person runs them: SHOW lists the names that begin with the object's, in exact case (<c>LIKE</c> would take an underscore for any
/// character and look at no case), and a query over its result compares name and comment.
/// </summary>
/// <param name="mark">This instance's.</param>
internal sealed class OwnedObjects(InstanceMark mark)
{
    // No object has this name, so that dropping it "if it exists" drops nothing.
    private const string Nothing = "SLUICE_HAS_NOTHING_TO_DROP";

    /// <summary>The mark as COMMENT = takes it.</summary>
    public string Comment => Quote.Literal(mark.Comment);

    /// <summary>
    /// Sets a variable to the object's name, or fails where the object is not this instance's: what follows names the object by the variable, and so
    /// fails too, even where whoever runs the script goes on after an error.
    /// </summary>
    /// <param name="script">Where it is written.</param>
    /// <param name="kind">The object.</param>
    /// <param name="name">Its name.</param>
    public void AppendGuard(StringBuilder script, OwnedKind kind, SnowflakeName name)
    {
        AppendShow(script, kind, name);

        // The count is looked at before the text becomes a number: nothing is cast that was not counted.
        script.Append($"SET {kind.Variable} = (SELECT IFF(TO_NUMBER(IFF(COUNT(*) = 1, '1', {Quote.Literal(kind.Refusal)})) = 1, {Quote.Literal(name.Quoted)}, NULL)\n");
        AppendFrom(script, name);
    }

    /// <summary>Sets a variable to the name of something in a guarded object: where the guard has failed, there is no such variable either.</summary>
    public static void AppendPart(StringBuilder script, string variable, string owner, string name) => script
        .Append($"UNSET {variable};\n")
        .Append($"SET {variable} = ${owner} || {Quote.Literal($".{Quote.Identifier(name)}")};\n");

    /// <summary>Drops the object where it is this instance's, and nothing where it is not.</summary>
    public void AppendDrop(StringBuilder script, OwnedKind kind, SnowflakeName name)
    {
        AppendShow(script, kind, name);
        script.Append($"SET {kind.Variable} = (SELECT IFF(COUNT(*) = 1, {Quote.Literal(name.Quoted)}, {Quote.Literal(Nothing)})\n");
        AppendFrom(script, name);
        script.Append($"DROP {kind.Sql} IF EXISTS IDENTIFIER(${kind.Variable});\n");
    }

    private static void AppendShow(StringBuilder script, OwnedKind kind, SnowflakeName name) => script
        .Append($"UNSET {kind.Variable};\n")
        .Append($"SHOW {kind.Sql}S STARTS WITH {Quote.Literal(name.Text)};\n");

    private void AppendFrom(StringBuilder script, SnowflakeName name) => script
        .Append("  FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))\n")
        .Append($"  WHERE \"name\" = {Quote.Literal(name.Text)} AND \"comment\" = {Comment});\n");
}

/// <summary>A kind of object that Sluice's scripts make and mark.</summary>
/// <param name="Sql">As CREATE and DROP name it; with an S as SHOW does.</param>
/// <param name="Variable">The session variable that holds its name.</param>
/// <param name="Refusal">What the error says where the object is not Sluice's.</param>
internal sealed record OwnedKind(string Sql, string Variable, string Refusal)
{
    public static readonly OwnedKind Database = new("DATABASE", "sluice_database", "STOP: this database is there already and was not made by this Sluice");

    public static readonly OwnedKind Role = new("ROLE", "sluice_role", "STOP: this role is there already and was not made by this Sluice");

    public static readonly OwnedKind User = new("USER", "sluice_made_user", "STOP: this user was not made by this Sluice");

    /// <summary>The object by its variable.</summary>
    public string Reference => $"IDENTIFIER(${Variable})";
}
