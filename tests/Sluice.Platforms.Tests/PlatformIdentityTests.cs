namespace Sluice.Platforms.Tests;

public sealed class PlatformIdentityTests
{
    [Theory]
    [InlineData("postgresql:7123:db:5432", "postgresql:7123:db:5432", true)]
    [InlineData("postgresql:7123:db:5432", "postgresql::db:5432", true)]
    [InlineData("postgresql::db:5432", "postgresql:7123:db:5432", true)]
    [InlineData("postgresql:7123:db:5432", "postgresql:7124:db:5432", false)]
    [InlineData("postgresql:7123:db:5432", "postgresql:7123:other:5432", false)]
    [InlineData("postgresql:7123:db:5432", "postgresql::other:5432", false)]
    [InlineData("glue:aws:123456789012:us-east-1", "glue:aws:123456789012", false)]
    public void What_is_not_shown_contradicts_nothing_and_everything_else_does(string key, string other, bool agrees) =>
        new PlatformIdentity(key, "it").AgreesWith(other).ShouldBe(agrees);
}
