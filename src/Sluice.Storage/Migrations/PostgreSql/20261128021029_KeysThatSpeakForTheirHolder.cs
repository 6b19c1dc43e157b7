using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Sluice.Storage.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class KeysThatSpeakForTheirHolder : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "speaks_for_holder",
                table: "api_keys",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            // Nobody makes a person's key but that person. Who made a service's is not known any more, so it owns nothing until it is made anew.
            migrationBuilder.Sql(
                "UPDATE api_keys SET speaks_for_holder = true WHERE holder_id NOT LIKE 'service:%' OR permissions LIKE '%\"APPLICATION_ADMIN\"%'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "speaks_for_holder",
                table: "api_keys");
        }
    }
}
