using Sluice.Core.Access;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Engine.Enforcing;
using Sluice.Testing.Large;

namespace Sluice.Bench.Clouds;

/// <summary>The large world of the policy benches as an intent of a cloud's, its columns of that cloud's types.</summary>
internal static class CloudIntents
{
    public static AccessIntent Of(LargeWorld world, string platform)
    {
        var compiler = new AccessCompiler(world.Policies);
        var isSnowflake = platform == "snowflake";
        var identities = world.People.People.Select(p => new IdentityHolders(isSnowflake ? p.Username.ToUpperInvariant() : p.Username, [p])).ToList();
        var audiences = new IdentityAudiences(new AudienceIndex(world.People), identities);
        return new AccessIntent
        {
            Prefix = CloudScene.Prefix,
            OwnContainer = "sluice",
            Identities = identities,
            MembersOf = audiences.MembersOf,
            Objects = [.. world.Objects.Select(o => Typed(o, isSnowflake)).Select(o => new IntendedObject { Object = o, Access = compiler.Compile(o) })],
        };
    }

    private static GovernedObject Typed(GovernedObject table, bool isSnowflake) => table with
    {
        Columns = table.Columns.Select(c => c with { Type = (c.Family == ColumnFamily.Text, isSnowflake) switch
        {
            (true, true) => "VARCHAR(16777216)",
            (false, true) => "NUMBER(38,0)",
            (true, false) => "string",
            _ => "bigint",
        } }).ToValueList(),
    };
}
