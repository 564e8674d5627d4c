// For the Groovy config plugin. Single quotes: Groovy itself must leave ${…} alone.
import cd.go.contrib.plugins.configrepo.groovy.dsl.*

GoCD.script {
  pipelines {
    pipeline('cart') {
      group = 'shop'
      labelTemplate = '1.${COUNT}-${git[:7]}'
      materials {
        git('git') {
          url = 'https://git.example.com/shop/cart.git'
          branch = 'main'
        }
      }
      environmentVariables = [AWS_REGION: 'eu-west-1']
      stages {
        stage('image') {
          jobs {
            job('image') {
              timeout = 30
              artifacts { build { source = 'ecr-image.*'; destination = 'image' } }
              tasks {
                plugin {
                  configuration { id = 'gocd-ecr-task'; version = '1' }
                  options = [
                    Repository: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/cart',
                    Tags: '${GO_PIPELINE_LABEL}',
                    BuildArgs: 'VERSION=${GO_PIPELINE_LABEL}\nCOMMIT=${GO_REVISION_GIT:0:7}',
                  ]
                }
              }
            }
          }
        }
      }
    }
  }
}
