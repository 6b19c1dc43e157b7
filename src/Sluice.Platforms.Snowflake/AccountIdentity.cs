using Sluice.Platforms.Snowflake.Protocol;

namespace Sluice.Platforms.Snowflake;

/// <summary>What an account says it is. Its organisation and name are its own, however the host was spelled; where it has none, its locator and region.</summary>
internal static class AccountIdentity
{
    private static readonly Statement Query =
        new("SELECT CURRENT_ORGANIZATION_NAME(), CURRENT_ACCOUNT_NAME(), CURRENT_ACCOUNT(), CURRENT_REGION()");

    public static async Task<PlatformIdentity> ReadAsync(StatementClient statements, CancellationToken cancellationToken)
    {
        using var result = await statements.RunAsync(Query, cancellationToken);
        await foreach (var row in result.RowsAsync(cancellationToken))
        {
            if (row is [{ Length: > 0 } organization, { Length: > 0 } name, ..])
                return new PlatformIdentity($"snowflake:{organization}:{name}", $"Snowflake account {organization}-{name}");
            if (row is [_, _, { Length: > 0 } locator, { Length: > 0 } region])
                return new PlatformIdentity($"snowflake::{locator}@{region}", $"Snowflake account {locator} in {region}");
        }

        throw new PlatformException(PlatformFailure.Refused, "Snowflake did not say which account it is.");
    }
}
